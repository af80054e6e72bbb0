package io.mvq.cli;

import io.mvq.Tokenizer;
import io.mvq.serve.Server;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mvq serve}: a model in the browser. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description =
        "Shows a model in the browser: pictures as tokens and mask bits to click on, samples, codebooks.",
    footer = {
      "",
      "It answers on this machine only, unless --host names another address; then a token is part of",
      "the address. It writes nothing. Ctrl-C ends it. The JSON calls: docs/serve.md",
      "Examples:",
      "  mvq serve emoji-2",
      "  mvq serve run --port 9000"
    })
final class ServeCommand implements Callable<Integer> {
  private static final int PORT = 8642;

  @Mixin private RunArgument run;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "of this machine, to answer on (default: 127.0.0.1)")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "0 for any that is free (default: 8642, or any if that is taken)")
  private Integer port;

  @Mixin private Threads threads;
  @Mixin private DeviceFlag device;

  @Override
  public Integer call() throws Exception {
    threads.apply();
    if (port != null && (port < 0 || port > 65_535)) {
      throw new IllegalArgumentException("--port must be in 0..65535, got " + port);
    }
    InetAddress address = address();
    String name = device.name();
    try (Tokenizer tokenizer = run.use(place -> Tokenizer.load(place.folder(), name));
        Server server = server(tokenizer, address);
        Farewell farewell = Farewell.of(() -> ended(server))) {
      if (server.needsToken()) {
        System.out.println(
            "Whoever has this address can use the model; it is not encrypted on its way.");
      }
      System.out.println(run + " is at " + server.url() + "  (Ctrl-C ends it)");
      new CountDownLatch(1).await();
    }
    return 0;
  }

  private static String ended(Server server) {
    server.close();
    return "ended";
  }

  private InetAddress address() {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "--host must be an address of this machine, got " + host, e);
    }
  }

  private Server server(Tokenizer tokenizer, InetAddress address) throws IOException {
    int atOnce = Math.max(1, Runtime.getRuntime().availableProcessors() / threads.count());
    try {
      int wanted = port == null ? PORT : port;
      return new Server(tokenizer, run.toString(), address, wanted, atOnce);
    } catch (BindException e) {
      if (port != null || !String.valueOf(e.getMessage()).contains("in use")) {
        throw new IOException(
            String.format(
                "cannot serve %s on port %d: %s", host, port == null ? PORT : port, e.getMessage()),
            e);
      }
      return new Server(tokenizer, run.toString(), address, 0, atOnce);
    }
  }
}
