package io.mvq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Ctrl-C says how to go on, whenever it comes, and what it left can go on. */
class FarewellTest extends TrainedRun {
  /** What the command said, interrupted as soon as something is so. */
  static String interrupted(BooleanSupplier reached, Path log, List<String> args) throws Exception {
    // A build in the background ignores the signal, and so would its children.
    List<String> line = new ArrayList<>(List.of("env", "--default-signal=INT"));
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-Xmx512m", "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0", "-cp"));
    line.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    line.add("io.mvq.cli.Main");
    line.addAll(args);
    Process process =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      while (!reached.getAsBoolean()) {
        assertThat(process.isAlive()).as(text(log)).isTrue();
        TimeUnit.MILLISECONDS.sleep(50);
      }
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue(); // a machine may be busy
      assertThat(process.exitValue()).isEqualTo(130);
      return Files.readString(log);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String text(Path log) {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      return "";
    }
  }

  private static List<String> train(Path out, long steps, long priorSteps) {
    List<String> args = new ArrayList<>(List.of("train", "--data", photos.toString()));
    args.addAll(small(List.of()));
    args.addAll(List.of("--out", out.toString(), "--steps", Long.toString(steps)));
    args.addAll(List.of("--prior-steps", Long.toString(priorSteps)));
    return args;
  }

  @Test
  void trainingSaysHowToContinueInBothStages() throws Exception {
    for (String stage : List.of("autoencoder", "prior")) {
      Path out = home.resolve("stopped-" + stage);
      long last = 100_000_000;
      boolean first = stage.equals("autoencoder");
      String said =
          interrupted(
              () -> text(out.resolve(stage).resolve("log.csv")).contains("gradientNorm"),
              home.resolve(stage + ".txt"),
              train(out, first ? last : 2, first ? 2 : last));
      assertThat(said)
          .containsOnlyOnce("stopping; continue with: mvq train --out " + out + " --resume\n")
          .doesNotContain("mvq: ");
      Call verified = call("verify", out.toString());
      assertThat(verified.status()).as(verified.out()).isZero();
      assertThat(verified.out()).contains("whole       " + stage + "/checkpoint/training");
    }
  }

  @Test
  void evaluationSaysThatItBeginsAgain() throws Exception {
    Path log = home.resolve("evaluate.txt");
    String said =
        interrupted(
            () -> text(log).contains("training the feature network"),
            log,
            List.of("evaluate", run.toString(), "--feature-steps", "100000000"));
    assertThat(said).containsOnlyOnce("stopped; the same command begins again\n");
    assertThat(run.resolve("features.safetensors")).doesNotExist();
  }

  @Test
  void aCommandThatEndsSaysNothingMore() {
    Call sampled = call("encode", run.toString(), "--out", home.resolve("c.npz").toString());
    assertThat(sampled.out()).doesNotContain("stopped");
  }
}
