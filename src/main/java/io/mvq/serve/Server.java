package io.mvq.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.mvq.Tokenizer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Serves pages of a model and of trainings, and the JSON calls beneath, until it is closed. All
 * threads share the model.
 */
public final class Server implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Server.class.getName());
  private static final int THREADS = 96; // more than may compute and wait: the rest says 503
  private static final int BACKLOG = 1024;

  static {
    // A small answer is sent at once; whoever does not send a request within a minute is let go.
    setDefault("sun.net.httpserver.nodelay", "true");
    setDefault("sun.net.httpserver.maxReqTime", "60");
    setDefault("sun.net.httpserver.maxRspTime", "120");
  }

  private final HttpServer http;
  private final ThreadPoolExecutor threads;
  private final Access access;
  private final Semaphore bodies;
  private final Pages pages;
  private final Calls calls;

  /**
   * Begins to serve.
   *
   * @param model stays the caller's, who closes it after this
   * @param trainings to be watched
   * @param name of the run, to be shown
   * @param host an address of this machine; any but a loopback one needs the token of {@link #url}
   * @param port 0 for any that is free
   * @param atOnce requests that compute at once, at least 1
   * @throws IOException if that address cannot be served, e.g. because the port is taken
   */
  public Server(
      Model model, Trainings trainings, String name, InetAddress host, int port, int atOnce)
      throws IOException {
    Limits limits = Limits.of(atOnce);
    calls = new Calls(model, trainings, name, limits);
    pages = new Pages();
    bodies = new Semaphore(limits.allBytes());
    InetSocketAddress address = new InetSocketAddress(host, port);
    http = HttpServer.create(address, BACKLOG);
    access = Access.to(http.getAddress());
    threads =
        new ThreadPoolExecutor(
            THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Server::thread);
    threads.allowCoreThreadTimeOut(true);
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
  }

  /** The same of a model that stays, which the caller closes after this. */
  public Server(Tokenizer tokenizer, String name, InetAddress host, int port, int atOnce)
      throws IOException {
    this(Model.of(tokenizer), Trainings.NONE, name, host, port, atOnce);
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "mvq-serve");
    thread.setDaemon(true);
    return thread;
  }

  /** Whether only those who know the token in {@link #url} are answered. */
  public boolean needsToken() {
    return access.token() != null;
  }

  /** Where it is, with the token if one is needed. */
  public String url() {
    InetSocketAddress address = http.getAddress();
    String host = reachable(address.getAddress()).getHostAddress();
    String name = host.contains(":") ? "[" + host + "]" : host;
    String token = access.token() == null ? "" : "?" + Access.TOKEN + "=" + access.token();
    return "http://" + name + ":" + address.getPort() + "/" + token;
  }

  /** An address to type in, of one that may stand for all of this machine's. */
  private static InetAddress reachable(InetAddress address) {
    try {
      return address.isAnyLocalAddress() ? InetAddress.getLocalHost() : address;
    } catch (UnknownHostException e) {
      return InetAddress.getLoopbackAddress();
    }
  }

  private void handle(HttpExchange exchange) {
    try (exchange) {
      Answer answer = answer(exchange);
      answer.send(exchange);
    } catch (IOException gone) {
      LOG.log(System.Logger.Level.DEBUG, "a client went away", gone);
    }
  }

  private Answer answer(HttpExchange exchange) {
    Request request = null;
    try {
      access.check(exchange);
      request = new Request(exchange, bodies);
      String path = exchange.getRequestURI().getPath();
      return path.startsWith("/api/")
          ? called(exchange.getRequestMethod(), path, request)
          : page(exchange, path, request);
    } catch (Refusal refusal) {
      return Answer.refused(refusal.status(), refusal.getMessage());
    } catch (IllegalArgumentException | IOException e) {
      return Answer.refused(400, firstLine(e));
    } catch (OutOfMemoryError e) {
      return Answer.refused(503, "out of memory for now; ask for less, or set MVQ_HEAP=2g");
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, exchange.getRequestURI().getPath() + " failed", e);
      return Answer.refused(500, "this failed inside; mvq serve printed why");
    } finally {
      if (request != null) {
        request.release();
      }
    }
  }

  private Answer called(String method, String path, Request request) throws IOException {
    Calls.Call call = calls.at(method, path);
    if (call != null) {
      return call.answer(request);
    }
    for (String other : new String[] {"GET", "POST"}) {
      if (calls.at(other, path) != null) {
        return Answer.refused(405, "use " + other + " for " + path).with("Allow", other);
      }
    }
    throw new Refusal(404, "there is no %s", Request.shown(path));
  }

  private Answer page(HttpExchange exchange, String path, Request request) {
    String method = exchange.getRequestMethod();
    Answer page = pages.at(path);
    if (page == null) {
      throw new Refusal(404, "there is no %s", Request.shown(path));
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return Answer.refused(405, "use GET for " + path).with("Allow", "GET, HEAD");
    }
    if (needsToken() && request.text(Access.TOKEN) != null) {
      // The token goes into a cookie and out of the address bar.
      exchange.getResponseHeaders().set("Location", path);
      return new Answer(303, "text/plain", new byte[0], Map.of())
          .with("Set-Cookie", access.cookie(http.getAddress().getPort()));
    }
    return page;
  }

  private static String firstLine(Exception e) {
    String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return text.lines().findFirst().orElse("");
  }

  /** Ends when the requests in progress are answered, or after a second. */
  @Override
  public void close() {
    http.stop(1);
    threads.shutdown();
  }
}
