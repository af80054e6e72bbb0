package io.mvq.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import io.mvq.files.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/** What was asked: the query's values and the body, both within limits. */
final class Request {
  static final JsonMapper JSON = StrictJson.mapper();

  /** So much of a body that is refused is still read, so that the client reads the answer. */
  private static final long MOST_DRAINED = 1L << 28;

  private final HttpExchange exchange;
  private final Semaphore bodies;
  private final Map<String, String> query;
  private int held;

  /**
   * @param bodies bytes that bodies may hold at once, of all requests
   */
  Request(HttpExchange exchange, Semaphore bodies) {
    this.exchange = exchange;
    this.bodies = bodies;
    this.query = query(exchange.getRequestURI().getRawQuery());
  }

  static Map<String, String> query(String raw) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : raw == null || raw.isEmpty() ? new String[0] : raw.split("&")) {
      int equal = pair.indexOf('=');
      try {
        String name = decoded(equal < 0 ? pair : pair.substring(0, equal));
        values.put(name, equal < 0 ? "" : decoded(pair.substring(equal + 1)));
      } catch (IllegalArgumentException e) {
        throw new Refusal(400, "the query cannot be read: %s", e.getMessage());
      }
    }
    return values;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** Throws if the query has another name. */
  void allow(String... names) {
    for (String name : query.keySet()) {
      if (!Set.of(names).contains(name) && !name.equals(Access.TOKEN)) {
        throw new Refusal(
            400, "unknown parameter \"%s\"; known are %s", shown(name), String.join(", ", names));
      }
    }
  }

  /** A value of the query; null if it is not given or empty. */
  String text(String name) {
    String value = query.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  long whole(String name, long otherwise) {
    return number(name, otherwise, Long::valueOf, "a whole number");
  }

  double real(String name, double otherwise) {
    return number(name, otherwise, Double::valueOf, "a number");
  }

  private <T> T number(String name, T otherwise, Function<String, T> parse, String what) {
    String value = text(name);
    try {
      return value == null ? otherwise : parse.apply(value);
    } catch (NumberFormatException e) {
      throw new Refusal(400, "%s must be %s, got \"%s\"", name, what, shown(value));
    }
  }

  /** A whole number within limits. */
  int whole(String name, int otherwise, int least, int most) {
    long value = whole(name, otherwise);
    if (value < least || value > most) {
      throw new Refusal(400, "%s must be in %d..%d, got %d", name, least, most, value);
    }
    return (int) value;
  }

  /** The body as JSON, an object that has no other fields than these. */
  JsonNode json(int most, String... fields) throws IOException {
    JsonNode tree;
    try {
      tree = JSON.readTree(body(most, "JSON"));
    } catch (JsonProcessingException e) {
      String why = e.getOriginalMessage().lines().findFirst().orElse("");
      throw new Refusal(400, "the body is not JSON: %s", shown(why));
    }
    if (tree == null || !tree.isObject()) {
      throw new Refusal(400, "the body must be a JSON object");
    }
    for (Iterator<String> names = tree.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!Set.of(fields).contains(name)) {
        throw new Refusal(
            400, "unknown field \"%s\"; known are %s", shown(name), String.join(", ", fields));
      }
    }
    return tree;
  }

  /** The body, of at most so many bytes. */
  byte[] body(int most, String what) throws IOException {
    InputStream in = exchange.getRequestBody();
    long announced = announced();
    byte[] body = new byte[0];
    if (announced <= most) {
      hold(announced < 0 ? most : (int) announced);
      body = in.readNBytes(most);
    }
    if (announced > most || body.length == most && in.read() >= 0) {
      drain(in);
      throw new Refusal(413, "%s must have at most %,d bytes", what, most);
    }
    if (body.length == 0) {
      throw new Refusal(400, "the request has no body; send %s", what);
    }
    return body;
  }

  /** Bytes that the body says to have; below 0 if it does not say. The server has checked them. */
  private long announced() {
    String length = exchange.getRequestHeaders().getFirst("Content-Length");
    return length == null ? -1 : Long.parseLong(length.strip());
  }

  private void hold(int bytes) throws IOException {
    if (!bodies.tryAcquire(bytes)) {
      drain(exchange.getRequestBody());
      throw new Refusal(503, "too much is being uploaded at once; try again in a second");
    }
    held = bytes;
  }

  private static void drain(InputStream in) throws IOException {
    byte[] scratch = new byte[1 << 16];
    int got = 0;
    for (long drained = 0; got >= 0 && drained < MOST_DRAINED; drained += got) {
      got = in.read(scratch);
    }
  }

  /** Gives the room of its body back. */
  void release() {
    bodies.release(held);
    held = 0;
  }

  /** A text as an error may show it. */
  static String shown(String text) {
    String some = text.length() > 60 ? text.substring(0, 60) + "..." : text;
    return some.replaceAll("\\p{Cntrl}", "?");
  }
}
