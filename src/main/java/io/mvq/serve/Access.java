package io.mvq.serve;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * Who may ask. On this machine alone: requests that name it as their host, so that no page of
 * another site reaches it by a name that it made to point here (DNS rebinding). On an address that
 * others reach: those who know the token. In both cases no page of another origin.
 *
 * @param token null where none is needed
 */
record Access(String token) {
  /** The query's parameter. */
  static final String TOKEN = "token";

  private static final String COOKIE = "mvq-token-";
  private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]");
  private static final Set<String> OWN_PAGES = Set.of("same-origin", "none");

  /** For an address: a token is drawn where others reach it. */
  static Access to(InetSocketAddress address) {
    return new Access(address.getAddress().isLoopbackAddress() ? null : drawn());
  }

  private static String drawn() {
    byte[] bytes = new byte[18];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Throws a {@link Refusal} unless this request may be answered. */
  void check(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    String host = only(headers, "Host");
    if (host == null || token == null && !isThisMachine(host, exchange.getLocalAddress())) {
      throw new Refusal(
          403,
          "the request is for the host %s; this server answers for 127.0.0.1 and localhost only",
          host == null ? "(none)" : "\"" + Request.shown(host) + "\"");
    }
    String origin = only(headers, "Origin");
    if (origin != null && !origin.equalsIgnoreCase("http://" + host)) {
      throw new Refusal(403, "a page of %s may not ask this server", Request.shown(origin));
    }
    String site = only(headers, "Sec-Fetch-Site");
    boolean api = exchange.getRequestURI().getPath().startsWith("/api/");
    if (api && site != null && !OWN_PAGES.contains(site)) {
      throw new Refusal(403, "a page of another site may not ask this server");
    }
    if (token != null && !isKnown(exchange)) {
      throw new Refusal(
          401, "a token is needed: open the address that mvq serve printed, or send it as ?token=");
    }
  }

  /** The cookie that a page's own requests bring back, once the token came in the URL. */
  String cookie(int port) {
    return COOKIE + port + "=" + token + "; HttpOnly; SameSite=Strict; Path=/";
  }

  private static boolean isThisMachine(String host, InetSocketAddress local) {
    int colon = host.lastIndexOf(':');
    boolean port = colon > host.lastIndexOf(']');
    String name = port ? host.substring(0, colon) : host;
    String number = port ? host.substring(colon + 1) : "80";
    return THIS_MACHINE.contains(name.toLowerCase(java.util.Locale.ROOT))
        && number.equals(String.valueOf(local.getPort()));
  }

  private boolean isKnown(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    String bearer = only(headers, "Authorization");
    if (bearer != null && bearer.startsWith("Bearer ") && equal(bearer.substring(7))) {
      return true;
    }
    String given = Request.query(exchange.getRequestURI().getRawQuery()).get(TOKEN);
    if (given != null) {
      return equal(given);
    }
    String name = COOKIE + exchange.getLocalAddress().getPort() + "=";
    return headers.getOrDefault("Cookie", List.of()).stream()
        .flatMap(line -> List.of(line.split(";")).stream())
        .map(String::strip)
        .anyMatch(cookie -> cookie.startsWith(name) && equal(cookie.substring(name.length())));
  }

  private boolean equal(String given) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
  }

  /** A header's value; null if there is none. Of several, which a browser never sends, none. */
  private static String only(Headers headers, String name) {
    List<String> values = headers.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw new Refusal(400, "the header %s must come once, got %d", name, values.size());
    }
    return values.isEmpty() ? null : values.get(0);
  }
}
