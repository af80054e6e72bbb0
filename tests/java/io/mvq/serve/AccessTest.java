package io.mvq.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.mvq.Tokenizer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Hostile requests, as bytes: each is refused with a reason, nothing is written, it goes on. */
class AccessTest {
  private static Tokenizer emoji;
  private static Server server;
  private static int port;

  @BeforeAll
  static void serve() throws IOException {
    emoji = Tokenizer.pretrained("emoji-2");
    server = new Server(emoji, "emoji-2", InetAddress.getLoopbackAddress(), 0, 1);
    port = URI.create(server.url()).getPort();
  }

  @AfterAll
  static void close() {
    server.close();
    emoji.close();
  }

  /** Sends bytes as they are; the answer's head and body. */
  private static String raw(int port, String head, byte[]... body) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(60_000);
      OutputStream out = socket.getOutputStream();
      String text = head.strip().replace("\n", "\r\n") + "\r\nConnection: close\r\n\r\n";
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      for (byte[] part : body) {
        out.write(part);
      }
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String get(String path, String... headers) throws IOException {
    String more = Stream.of(headers).map(line -> "\n" + line).collect(Collectors.joining());
    return raw(port, "GET " + path + " HTTP/1.1" + more);
  }

  private static String own() {
    return "Host: 127.0.0.1:" + port;
  }

  @Test
  void onlyThisMachineIsAnsweredFor() throws IOException {
    for (String host : new String[] {"127.0.0.1", "localhost", "LOCALHOST", "[::1]"}) {
      assertThat(get("/api/info", "Host: " + host + ":" + port)).startsWith("HTTP/1.1 200");
    }
    for (String host :
        new String[] {
          "evil.example:" + port, "localhost.evil.example:" + port, "localhost", "localhost:1", ""
        }) {
      for (String path : new String[] {"/api/info", "/"}) {
        assertThat(get(path, "Host: " + host))
            .startsWith("HTTP/1.1 403")
            .contains("this server answers for 127.0.0.1 and localhost only");
      }
    }
    assertThat(get("/api/info", own(), "Host: evil.example")).startsWith("HTTP/1.1 400");
  }

  @Test
  void pagesOfOtherSitesAreRefused() throws IOException {
    assertThat(get("/api/info", own(), "Origin: http://127.0.0.1:" + port))
        .startsWith("HTTP/1.1 200");
    for (String origin :
        new String[] {
          "https://evil.example", "null", "http://localhost:" + port, "http://127.0.0.1"
        }) {
      assertThat(get("/api/info", own(), "Origin: " + origin))
          .startsWith("HTTP/1.1 403")
          .contains("a page of " + origin + " may not ask this server");
    }
    for (String site : new String[] {"cross-site", "same-site"}) {
      assertThat(get("/api/sample", own(), "Sec-Fetch-Site: " + site)).startsWith("HTTP/1.1 403");
    }
    assertThat(get("/api/info", own(), "Sec-Fetch-Site: same-origin")).startsWith("HTTP/1.1 200");
  }

  @Test
  void pathsThatClimbLeadNowhere() throws IOException {
    for (String path :
        new String[] {
          "/../../../../etc/passwd",
          "/%2e%2e/%2e%2e/etc/passwd",
          "/..%2fpom.xml",
          "//etc/passwd",
          "/style.css/../../version.properties",
          "/api/../pom.xml",
          "/io/mvq/serve/Server.class"
        }) {
      assertThat(get(path, own()))
          .startsWith("HTTP/1.1 404")
          .doesNotContain("root:")
          .doesNotContain("<project");
    }
  }

  @Test
  void aHundredMegapixelsAreRefusedBeforeTheyAreDecoded() throws IOException {
    byte[] header = new byte[13];
    ByteBuffer.wrap(header).putInt(10_000).putInt(10_000).put(new byte[] {8, 2, 0, 0, 0});
    ByteBuffer png = ByteBuffer.allocate(8 + 25 + 12);
    png.put(new byte[] {(byte) 137, 'P', 'N', 'G', 13, 10, 26, 10});
    chunk(png, "IHDR", header);
    chunk(png, "IDAT", new byte[0]);
    String head = "POST /api/encode HTTP/1.1\n" + own() + "\nContent-Length: " + png.capacity();
    assertThat(raw(port, head, png.array()))
        .startsWith("HTTP/1.1 400")
        .contains("10000 x 10000 pixels, must be 1 to 50,000,000 in all");
  }

  private static void chunk(ByteBuffer png, String type, byte[] content) {
    png.putInt(content.length);
    int start = png.position();
    png.put(type.getBytes(StandardCharsets.ISO_8859_1)).put(content);
    CRC32 sum = new CRC32();
    sum.update(png.array(), start, png.position() - start);
    png.putInt((int) sum.getValue());
  }

  @Test
  void hugeBodiesAreRefusedWhetherTheySayTheirLengthOrNot() throws IOException {
    byte[] part = new byte[1 << 20];
    byte[][] parts = new byte[40][];
    java.util.Arrays.fill(parts, part);
    String head = "POST /api/encode HTTP/1.1\n" + own() + "\n";
    assertThat(raw(port, head + "Content-Length: " + 40 * part.length, parts))
        .startsWith("HTTP/1.1 413")
        .contains("must have at most 33,554,432 bytes");
    byte[] size = "100000\r\n".getBytes(StandardCharsets.ISO_8859_1);
    byte[] end = "\r\n".getBytes(StandardCharsets.ISO_8859_1);
    byte[][] chunks = new byte[3 * 40 + 1][];
    for (int i = 0; i < 40; i++) {
      chunks[3 * i] = size;
      chunks[3 * i + 1] = part;
      chunks[3 * i + 2] = end;
    }
    chunks[120] = "0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(raw(port, head + "Transfer-Encoding: chunked", chunks)).startsWith("HTTP/1.1 413");
    byte[] deep = "[".repeat(100_000).getBytes(StandardCharsets.ISO_8859_1);
    assertThat(
            raw(
                port,
                "POST /api/decode HTTP/1.1\n" + own() + "\nContent-Length: " + deep.length,
                deep))
        .startsWith("HTTP/1.1 400")
        .contains("the body is not JSON");
  }

  @Test
  void nothingIsWritten() throws IOException {
    TreeSet<String> before = files();
    get("/api/sample?n=4", own());
    raw(port, "POST /api/encode HTTP/1.1\n" + own() + "\nContent-Length: 3", new byte[3]);
    assertThat(files()).isEqualTo(before);
  }

  private static TreeSet<String> files() throws IOException {
    try (Stream<Path> here = Files.list(Path.of(""));
        Stream<Path> temporary = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return Stream.concat(
              here, temporary.filter(file -> file.getFileName().toString().contains("imageio")))
          .map(Path::toString)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** On an address that others can reach. */
  @Test
  void otherAddressesNeedTheTokenThatTheUrlHas() throws IOException {
    try (Server open = new Server(emoji, "emoji-2", InetAddress.getByName("0.0.0.0"), 0, 1)) {
      assertThat(open.needsToken()).isTrue();
      int at = URI.create(open.url()).getPort();
      String token = URI.create(open.url()).getQuery().substring("token=".length());
      assertThat(token).hasSize(24);
      String head = " HTTP/1.1\nHost: studio.example:" + at;
      assertThat(raw(at, "GET /api/info" + head))
          .startsWith("HTTP/1.1 401")
          .contains("a token is needed");
      assertThat(raw(at, "GET /api/info?token=" + token.substring(1) + head))
          .startsWith("HTTP/1.1 401");
      assertThat(raw(at, "GET /api/info?token=" + token + head)).startsWith("HTTP/1.1 200");
      assertThat(raw(at, "GET /api/info" + head + "\nAuthorization: Bearer " + token))
          .startsWith("HTTP/1.1 200");
      String first = raw(at, "GET /?token=" + token + head);
      assertThat(first).startsWith("HTTP/1.1 303").containsIgnoringCase("location: /\r\n");
      Matcher cookie =
          Pattern.compile("(?i)set-cookie: ([^;]+); HttpOnly; SameSite=Strict").matcher(first);
      assertThat(cookie.find()).isTrue();
      assertThat(raw(at, "GET /" + head + "\nCookie: other=1; " + cookie.group(1)))
          .startsWith("HTTP/1.1 200");
      assertThat(raw(at, "GET /" + head + "\nCookie: " + cookie.group(1) + "x"))
          .startsWith("HTTP/1.1 401");
      assertThat(raw(at, "GET /api/info?token=" + token + head + "\nOrigin: http://evil.example"))
          .startsWith("HTTP/1.1 403");
    }
    assertThat(server.needsToken()).isFalse();
  }
}
