package io.mvq.examples.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.mvq.Code;
import io.mvq.Tokenizer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.imageio.ImageIO;

/**
 * {@code POST /encode} takes an image file and answers with its code as JSON, {@code POST /decode}
 * takes such JSON and answers with a PNG, {@code GET /sample?SEED} with a new picture. All threads
 * share one Tokenizer. What a client did wrong is 400 with a line that says it.
 */
public final class TokenizerService implements AutoCloseable {
  private static final int MOST_BYTES = 10 << 20;

  private final Tokenizer tokenizer;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(8);

  /** Begins to serve this machine. @param port 0 for any */
  public TokenizerService(Path run, int port) throws IOException {
    tokenizer = Tokenizer.load(run);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    serve("/encode", "POST", "application/json", call -> json(tokenizer.encode(body(call))));
    serve("/decode", "POST", "image/png", call -> png(tokenizer.decode(Code.ofJson(text(call)))));
    serve("/sample", "GET", "image/png", call -> png(tokenizer.sample(1, null, seed(call)).get(0)));
    server.setExecutor(threads);
    server.start();
  }

  /** Where it listens. */
  public int port() {
    return server.getAddress().getPort();
  }

  private interface Answer {
    byte[] to(HttpExchange call) throws IOException;
  }

  private void serve(String path, String method, String type, Answer answer) {
    server.createContext(
        path,
        call -> {
          try {
            if (!call.getRequestMethod().equals(method)) {
              send(call, 405, "text/plain", bytes("use " + method));
              return;
            }
            send(call, 200, type, answer.to(call));
          } catch (IllegalArgumentException | IOException e) {
            send(call, 400, "text/plain", bytes(String.valueOf(e.getMessage())));
          } finally {
            call.close();
          }
        });
  }

  private static void send(HttpExchange call, int status, String type, byte[] content)
      throws IOException {
    call.getResponseHeaders().set("Content-Type", type);
    call.sendResponseHeaders(status, content.length);
    call.getResponseBody().write(content);
  }

  private static byte[] body(HttpExchange call) throws IOException {
    byte[] body = call.getRequestBody().readNBytes(MOST_BYTES + 1);
    if (body.length > MOST_BYTES) {
      throw new IllegalArgumentException("a body must have at most " + MOST_BYTES + " bytes");
    }
    return body;
  }

  private static String text(HttpExchange call) throws IOException {
    return new String(body(call), StandardCharsets.UTF_8);
  }

  private static long seed(HttpExchange call) {
    String query = call.getRequestURI().getQuery();
    return query == null ? 1 : Long.parseLong(query);
  }

  private static byte[] json(Code code) {
    return bytes(code.toJson());
  }

  private static byte[] png(BufferedImage picture) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(picture, "png", out);
    return out.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Ends when the calls in progress are answered. */
  @Override
  public void close() {
    server.stop(1);
    threads.shutdown();
    tokenizer.close();
  }

  /** {@code TokenizerService run 8080}. */
  @SuppressWarnings("resource") // it serves until it is killed
  public static void main(String[] args) throws IOException {
    int port = new TokenizerService(Path.of(args[0]), Integer.parseInt(args[1])).port();
    System.out.println("listens on http://localhost:" + port);
  }
}
