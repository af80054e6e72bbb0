package io.mvq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mvq.recipe.Recipe;
import io.mvq.run.Pipeline;
import io.mvq.run.Run;
import io.mvq.run.RunImages;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Ranks;
import io.mvq.train.CheckpointInterval;
import io.mvq.train.EvaluationInterval;
import io.mvq.train.Progress;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A command line run in this JVM, on a run that is trained once. */
abstract class TrainedRun {
  private static final String[] SMALL = {
    "--side",
    "32",
    "--width",
    "16",
    "--codes",
    "6",
    "--code-width",
    "8",
    "--mask-width",
    "8",
    "--hypotheses",
    "16",
    "--batch",
    "4",
    "--steps",
    "6",
    "--warmup",
    "1",
    "--prior-steps",
    "3",
    "--prior-width",
    "16",
    "--prior-layers",
    "1",
    "--prior-heads",
    "2",
    "--look-steps",
    "2",
    "--progress",
    "NONE"
  };

  @TempDir static Path home;
  static Path photos;
  static Path run;

  record Call(int status, String out, String err) {}

  static Call call(String... args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
    try {
      int status = Main.run(args);
      return new Call(
          status,
          printed.toString(StandardCharsets.UTF_8),
          complained.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  static Call train(Path out, String... more) {
    List<String> args =
        new ArrayList<>(List.of("train", "--data", photos.toString(), "--out", out.toString()));
    args.addAll(small(List.of(more)));
    args.addAll(List.of(more));
    return call(args.toArray(String[]::new));
  }

  /** The same run, stopped after so many steps of all its stages together. */
  static void trainUntil(int steps, Path folder, Recipe recipe) throws IOException {
    AtomicInteger left = new AtomicInteger(steps);
    Pipeline pipeline =
        new Pipeline(
            recipe,
            new Run(folder),
            false,
            Progress.Style.NONE,
            System.out,
            Devices.cpu(),
            CheckpointInterval.DEFAULT,
            new EvaluationInterval(1),
            report -> left.decrementAndGet() > 0,
            Ranks.ALONE);
    assertThat(pipeline.train(RunImages.of(recipe))).isEmpty();
  }

  /** The small settings without those that the others leave no room for. */
  static List<String> small(List<String> more) {
    Set<String> without = new HashSet<>();
    if (more.contains("continuous")) {
      without.addAll(Set.of("--codes", "--mask-width", "--hypotheses"));
      without.addAll(Set.of("--prior-layers", "--prior-heads"));
    }
    if (more.contains("pixelcnn")) {
      without.add("--prior-heads");
    }
    if (more.contains("vq")) {
      without.addAll(Set.of("--mask-width", "--hypotheses"));
    }
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < SMALL.length; i += 2) {
      if (!without.contains(SMALL[i])) {
        kept.addAll(List.of(SMALL[i], SMALL[i + 1]));
      }
    }
    return kept;
  }

  /** A copy of a folder with all below it. */
  static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isRegularFile(file)) {
          Files.createDirectories(target.getParent());
          Files.copy(file, target);
        }
      }
    }
    return to;
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @BeforeAll
  static void trainOnce() throws IOException {
    photos = home.resolve("photos");
    for (int i = 0; i < 60; i++) {
      Path folder = Files.createDirectories(photos.resolve(i % 2 == 0 ? "dark" : "light"));
      BufferedImage image = new BufferedImage(40, 32, BufferedImage.TYPE_INT_RGB);
      for (int p = 0; p < 40 * 32; p++) {
        image.setRGB(p % 40, p / 40, (i % 2 == 0 ? 0x101010 : 0xc0c0c0) + i * 0x10203 % 0x303030);
      }
      ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
    }
    run = home.resolve("run");
    Call trained = train(run);
    assertThat(trained.err()).isEmpty();
    assertThat(trained.status()).isZero();
    assertThat(trained.out()).contains("training images").contains("waiting for images");
  }

  /** The codes of {@link #photos} by a run, in a file of this name. */
  static Path encoded(Path by, String name) {
    Path codes = home.resolve(name);
    assertThat(
            call("encode", by.toString(), "--images", photos.toString(), "--out", codes.toString())
                .err())
        .isEmpty();
    return codes;
  }
}
