package io.mvq.cli;

import io.mvq.Tokenizer;
import io.mvq.run.Run;
import io.mvq.serve.Model;
import io.mvq.serve.Server;
import io.mvq.serve.Trainings;
import io.mvq.train.Checkpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mvq serve}: a model in the browser, and how runs are trained. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Shows a model in the browser: pictures as tokens and mask bits to click on, samples, codebooks.",
      "Of runs that are trained now, or were: curves, codebook usage, pictures at each evaluation."
    },
    footer = {
      "",
      "It answers on this machine only, unless --host names another address; then a token is part of",
      "the address. It writes nothing. Ctrl-C ends it. The JSON calls: docs/serve.md",
      "Examples:",
      "  mvq serve emoji-2",
      "  mvq serve run --port 9000",
      "  mvq serve run base         both trainings, one over the other; the model is the first's",
      "  mvq serve quickstart       a folder that holds runs"
    })
final class ServeCommand implements Callable<Integer> {
  @Parameters(
      index = "0..*",
      arity = "1..*",
      paramLabel = "RUN",
      description =
          "folder of a run, also while it is trained, or of several; or a pretrained model such as"
              + " emoji-2")
  private List<Path> runs;

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
    InetAddress address = address();
    String on = device.name();
    Path first = runs.get(0);
    if (Files.isDirectory(first)) {
      try (Model model = newest(Trainings.runs(List.of(first)), on)) {
        return serve(model, runs, address);
      }
    }
    try (Tokenizer tokenizer =
        RunArgument.use(first, place -> Tokenizer.load(place.folder(), on))) {
      return serve(Model.of(tokenizer), runs.subList(1, runs.size()), address);
    }
  }

  /** Of the first run that has a checkpoint; of none yet that of the first. */
  private static Model newest(List<Path> folders, String on) throws IOException {
    for (Path folder : folders) {
      Run run = new Run(folder);
      if (run.isExported() || Checkpoint.exists(Run.checkpoint(run.autoencoderFolder()))) {
        return Model.newest(folder, on);
      }
    }
    Run none = new Run(folders.get(0));
    if (!none.begun()) {
      none.recipe(); // says what is missing
    }
    return Model.newest(none.folder(), on);
  }

  private int serve(Model model, List<Path> watched, InetAddress address) throws Exception {
    for (Path run : watched) {
      if (!Files.isDirectory(run)) {
        throw new IllegalArgumentException("RUN must be a folder, there is no \"" + run + "\"");
      }
    }
    boolean export = watched.size() == 1 && new Run(watched.get(0)).isExported();
    Trainings trainings = export ? Trainings.NONE : new Trainings(watched);
    String name = runs.stream().map(Path::toString).collect(Collectors.joining(", "));
    int atOnce = Math.max(1, Runtime.getRuntime().availableProcessors() / threads.count());
    try (Server server =
            Serving.open(
                host, port, wanted -> new Server(model, trainings, name, address, wanted, atOnce));
        Farewell farewell = Farewell.of(() -> ended(server))) {
      if (server.needsToken()) {
        System.out.println(
            "Whoever has this address can use the model; it is not encrypted on its way.");
      }
      System.out.println(name + " is at " + server.url() + "  (Ctrl-C ends it)");
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
}
