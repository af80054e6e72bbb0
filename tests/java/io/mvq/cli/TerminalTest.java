package io.mvq.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is said on a terminal, which {@code script} plays, and in a pipe. */
class TerminalTest extends TrainedRun {
  private static final Path SCRIPT = Path.of("/usr/bin/script");
  private static final String ESCAPE = "\u001b[";

  @BeforeAll
  static void terminal() {
    assumeTrue(Files.isExecutable(SCRIPT), "no terminal: there is no /usr/bin/script");
  }

  private static String java(List<String> args) {
    return Path.of(System.getProperty("java.home"), "bin", "java")
        + " -Xmx512m -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 io.mvq.cli.Main "
        + String.join(" ", args);
  }

  /** What a command showed on a terminal; interrupted when something is so, if it ever is. */
  private static String shown(Map<String, String> more, List<String> args, BooleanSupplier reached)
      throws Exception {
    Path log = Files.createTempFile(home, "terminal", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(
            "env", "--default-signal=INT", SCRIPT.toString(), "-qefc", java(args), log.toString());
    builder.environment().putAll(more);
    builder
        .environment()
        .put(
            "CLASSPATH",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    try {
      while (process.isAlive() && !reached.getAsBoolean()) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      for (ProcessHandle child : process.descendants().toList()) {
        if (child.info().command().orElse("").endsWith("/java")) {
          new ProcessBuilder("kill", "-INT", Long.toString(child.pid())).start().waitFor();
        }
      }
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue(); // a machine may be busy
      return Files.readString(log);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  @Test
  void colourIsForTerminalsWhoseUserHasNothingAgainstIt() throws Exception {
    List<String> help = List.of("train", "--help");
    String coloured = shown(Map.of("TERM", "xterm"), help, () -> false);
    assertThat(coloured).contains(ESCAPE).contains("--out");
    String plain = shown(Map.of("TERM", "xterm", "NO_COLOR", "1"), help, () -> false);
    assertThat(plain).doesNotContain(ESCAPE).contains("--out");
  }

  private static boolean has(Path file, String text) {
    try {
      return Files.exists(file)
          && new String(Files.readAllBytes(file), StandardCharsets.UTF_8).contains(text);
    } catch (IOException e) {
      return false; // being replaced
    }
  }

  @Test
  void aTerminalHasABarAndKeepsTheLineThatSaysHowToGoOn() throws Exception {
    Path out = home.resolve("barred");
    List<String> args = new ArrayList<>(List.of("train", "--data", photos.toString()));
    List<String> small = new ArrayList<>(small(List.of()));
    small.set(small.indexOf("NONE"), "AUTO");
    args.addAll(small);
    args.addAll(List.of("--out", out.toString(), "--steps", "100000000"));
    String said =
        shown(
            Map.of("TERM", "xterm", "NO_COLOR", "1"),
            args,
            () -> has(out.resolve("autoencoder/log.csv"), "gradientNorm"));
    assertThat(said).contains("looking at the first images", "\rmvq ", "steps/s");
    assertThat(said.replaceAll("\u001b\\[[0-9;]*[A-K]", "")).doesNotContain(ESCAPE);
    // A line of its own: the bar is drawn beside it, never over it.
    assertThat(said)
        .containsPattern("\nstopping; continue with: mvq train --out " + out + " --resume\r\n");
  }

  @Test
  void aPipeHasLinesForEveryLongPhaseAndNoBar() {
    Path out = home.resolve("piped");
    Call trained = train(out, "--progress", "LINES");
    assertThat(trained.out())
        .doesNotContain("\r", ESCAPE)
        .contains("looking at the first images; codebooks, if any, begin by k-means")
        .contains("step 6 of 6 (100%)")
        .containsPattern("encoding \\d+ images, for the prior to learn from");
    Call evaluated = call("evaluate", out.toString(), "--feature-steps", "2");
    assertThat(evaluated.out())
        .doesNotContain("\r", ESCAPE)
        .contains("training the feature network, 2 steps")
        .containsPattern("measuring real images: \\d+ to train on, \\d+ held out")
        .contains("measuring reconstructions and samples");
  }

  @Test
  void whatIsRunInAPipeDrawsNoBarByItself() throws Exception {
    Path log = home.resolve("pipe.txt");
    Path out = home.resolve("pipe");
    List<String> args = new ArrayList<>(List.of("train", "--data", photos.toString()));
    List<String> small = new ArrayList<>(small(List.of()));
    small.set(small.indexOf("NONE"), "AUTO");
    args.addAll(small);
    args.addAll(List.of("--out", out.toString(), "--prior-steps", "100000000"));
    String said =
        FarewellTest.interrupted(
            () -> has(out.resolve("prior/log.csv"), "gradientNorm"), log, args);
    assertThat(said).contains("mvq: step 6 of 6 (100%)").doesNotContain("\r", ESCAPE);
  }
}
