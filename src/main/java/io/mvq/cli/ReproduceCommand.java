package io.mvq.cli;

import io.mvq.reproduce.Protocol;
import io.mvq.reproduce.Reproduction;
import io.mvq.run.FeatureNetworks;
import io.mvq.train.Precision;
import io.mvq.train.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mvq reproduce}: the paper's comparison, claims and verdicts. */
@Command(
    name = "reproduce",
    header = "Runs the paper's comparison and checks its claims.",
    mixinStandardHelpOptions = true,
    description =
        "Trains, samples and measures every system under one protocol, times sampling, "
            + "checks the paper's claims one by one, and writes report.html, reproduce.json, "
            + "reproduce.md and pictures. What has finished is never trained again; start it in "
            + "several shells with the same --out and they share the work.",
    footer = {
      "",
      "smoke takes minutes, small hours on 2 cores, full wants a GPU (--device cuda).",
      "Example: mvq reproduce --scale small --only \"VQ against MVQ\" --out comparison"
    })
final class ReproduceCommand implements Callable<Integer> {
  @Option(
      names = "--scale",
      defaultValue = "smoke",
      description = "smoke, small or full (default: smoke)")
  private String scale;

  @Option(
      names = "--out",
      defaultValue = "reproduce",
      paramLabel = "FOLDER",
      description = "results, and the runs they came from (default: reproduce)")
  private Path out;

  @Option(
      names = "--only",
      paramLabel = "SECTION",
      description = "sections whose names hold this, in any case; may be repeated (default: all)")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--data",
      paramLabel = "SET",
      split = ",",
      description = "data sets instead of the scale's own")
  private List<String> data = new ArrayList<>();

  @Option(
      names = "--report-only",
      description = "train nothing: check and write what has finished in --out")
  private boolean reportOnly;

  @Option(
      names = "--precision",
      defaultValue = "FLOAT32",
      description =
          "FLOAT32, or BF16 where the CPU has it, in two thirds of the time; what has finished in"
              + " the other counts (default: FLOAT32)")
  private Precision precision;

  @Option(names = "--no-timing", description = "leave the sampling speeds out")
  private boolean withoutTiming;

  @Option(
      names = "--progress",
      defaultValue = "AUTO",
      description = "${COMPLETION-CANDIDATES} (default: AUTO, a bar on a terminal)")
  private Progress.Style progress;

  @Mixin private Threads threads;
  @Mixin private DeviceFlag device;

  @Override
  public Integer call() throws Exception {
    threads.apply();
    Device on = device.get();
    Protocol protocol = Protocol.of(scale);
    if (!data.isEmpty()) {
      protocol = protocol.on(data);
    }
    if (precision == Precision.BF16) {
      protocol = protocol.bf16();
    }
    Reproduction reproduction =
        new Reproduction(protocol, only, out, FeatureNetworks.nsfwjs(on), on, progress, System.out);
    try (Farewell farewell = Farewell.of(() -> "stopping; the same command goes on")) {
      return all(reproduction);
    }
  }

  private int all(Reproduction reproduction) throws IOException {
    if (!reportOnly && !reproduction.train()) {
      return 130; // what Ctrl-C leaves
    }
    if (!withoutTiming) {
      reproduction.time(torch.get_num_threads());
    }
    reproduction.combine();
    System.out.print(reproduction.report());
    System.out.println("also in " + out);
    return 0;
  }
}
