package io.mvq.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What is sent back. @param headers besides those that every answer has */
record Answer(int status, String type, byte[] content, Map<String, String> headers) {
  private static final Map<String, String> ALWAYS =
      Map.of(
          "Cache-Control", "no-store",
          "X-Content-Type-Options", "nosniff",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Cross-Origin-Opener-Policy", "same-origin",
          "Content-Security-Policy",
              "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                  + " img-src 'self' data: blob:; base-uri 'none'; form-action 'none';"
                  + " frame-ancestors 'none'");

  static Answer of(String type, byte[] content) {
    return new Answer(200, type, content, Map.of());
  }

  static Answer json(JsonNode tree) {
    return json(200, tree, Map.of());
  }

  private static Answer json(int status, JsonNode tree, Map<String, String> headers) {
    byte[] text = (tree + "\n").getBytes(StandardCharsets.UTF_8);
    return new Answer(status, "application/json; charset=utf-8", text, headers);
  }

  /** What is wrong, as {@code {"error": "..."}}. */
  static Answer refused(int status, String reason) {
    return json(
        status,
        Request.JSON.createObjectNode().put("error", reason),
        status == 503 ? Map.of("Retry-After", "1") : Map.of());
  }

  Answer with(String header, String value) {
    return new Answer(status, type, content, Map.of(header, value));
  }

  void send(HttpExchange exchange) throws IOException {
    Headers all = exchange.getResponseHeaders();
    ALWAYS.forEach(all::set);
    headers.forEach(all::set);
    all.set("Content-Type", type);
    if (exchange.getRequestMethod().equals("HEAD")) {
      all.set("Content-Length", String.valueOf(content.length));
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
      exchange.getResponseBody().write(content);
    }
  }
}
