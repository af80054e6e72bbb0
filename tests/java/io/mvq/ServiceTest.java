package io.mvq;

import static org.assertj.core.api.Assertions.assertThat;

import io.mvq.examples.service.TokenizerService;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of a web service answers, to many at once and to nonsense too. */
class ServiceTest {
  private final HttpClient client = HttpClient.newHttpClient();

  private HttpRequest request(int port, String path, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    return body == null ? request.build() : request.POST(BodyPublishers.ofByteArray(body)).build();
  }

  private HttpResponse<byte[]> call(int port, String path, byte[] body) throws Exception {
    return client.send(request(port, path, body), HttpResponse.BodyHandlers.ofByteArray());
  }

  private void refused(int port, String path, String body, String why) throws Exception {
    HttpResponse<byte[]> response =
        call(port, path, body == null ? null : body.getBytes(StandardCharsets.UTF_8));
    assertThat(response.statusCode()).isBetween(400, 405);
    assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains(why);
  }

  @Test
  void picturesGoInAndOut(@TempDir Path home) throws Exception {
    Path run = TinyRun.train(home.resolve("run"), TinyRun.photos(home.resolve("photos")));
    BufferedImage picture = TinyRun.picture(40, 32, 1);
    try (TokenizerService service = new TokenizerService(run, 0);
        Tokenizer own = Tokenizer.load(run)) {
      int port = service.port();
      Code code = own.encode(picture);
      List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        answers.add(
            client.sendAsync(
                request(port, "/encode", png(picture)), HttpResponse.BodyHandlers.ofByteArray()));
      }
      for (CompletableFuture<HttpResponse<byte[]>> answer : answers) {
        assertThat(Code.ofJson(new String(answer.get().body(), StandardCharsets.UTF_8)))
            .isEqualTo(code);
      }
      byte[] json = code.toJson().getBytes(StandardCharsets.UTF_8);
      same(call(port, "/decode", json).body(), own.decode(code));
      same(call(port, "/sample?7", null).body(), own.sample(1, null, 7).get(0));
      refused(port, "/encode", "no picture", "not a PNG, JPEG, WebP, GIF, BMP or TIFF image");
      refused(port, "/decode", "{", "this JSON is no code");
      refused(port, "/decode", json(code).replace("\"masks\":[\"", "\"masks\":[\"0"), "masks must");
      refused(port, "/sample?x", null, "For input string");
      refused(port, "/encode", null, "use POST");
      byte[] large = new byte[(10 << 20) + 5];
      assertThat(call(port, "/encode", large).statusCode()).isEqualTo(400);
    }
  }

  private static String json(Code code) {
    return code.toJson();
  }

  private static byte[] png(BufferedImage picture) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(picture, "png", out);
    return out.toByteArray();
  }

  private static void same(byte[] png, BufferedImage picture) throws IOException {
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(png));
    for (int p = 0; p < 32 * 32; p++) {
      assertThat(read.getRGB(p % 32, p / 32)).isEqualTo(picture.getRGB(p % 32, p / 32));
    }
  }
}
