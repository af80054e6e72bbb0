package io.mvq.reproduce;

import io.mvq.metric.FeatureNetwork;
import io.mvq.tensor.ComputeThreads;
import io.mvq.tensor.Devices;
import io.mvq.train.Progress;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The paper's comparison as small as it can be, with no network to fetch. */
public final class TinyReproduction {
  static final FeatureNetwork PIXELS =
      new FeatureNetwork() {
        @Override
        public String name() {
          return "pixels of 2x2 thumbnails";
        }

        @Override
        public int width() {
          return 12;
        }

        @Override
        public Tensor features(Tensor images) {
          return torch.adaptive_avg_pool2d(images, 2, 2).flatten(1, -1);
        }
      };

  private TinyReproduction() {}

  static Protocol protocol(long steps) {
    return new Protocol(
        "tiny",
        List.of("emoji"),
        List.of(1L),
        4,
        List.of(4),
        24,
        4,
        Map.of("emoji", 32),
        Map.ofEntries(
            Map.entry("steps", steps),
            Map.entry("batch", 4),
            Map.entry("warmup", 0),
            Map.entry("width", 8),
            Map.entry("code-width", 8),
            Map.entry("mask-width", 8),
            Map.entry("hypotheses", 4),
            Map.entry("look-steps", 2),
            Map.entry("prior-width", 16),
            Map.entry("prior-steps", 2),
            Map.entry("prior-batch", 8)));
  }

  static Reproduction of(long steps, Path folder, PrintStream out, String... sections) {
    return new Reproduction(
        protocol(steps),
        List.of(sections),
        folder,
        PIXELS,
        Devices.cpu(),
        Progress.Style.NONE,
        out);
  }

  /** Trains, measures and reports into a folder, or goes on with it. */
  public static void main(String[] arguments) throws IOException {
    ComputeThreads.set(1);
    Reproduction reproduction = of(4, Path.of(arguments[0]), System.out, "VQ against");
    if (reproduction.train()) {
      System.out.print(reproduction.report());
    }
  }
}
