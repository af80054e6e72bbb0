package io.mvq.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  private static StepReport report(long step) {
    return new StepReport(step, 0.125, Map.of(), 0.001, 1);
  }

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void linesTellStepLossSpeedAndTimeLeft() {
    try (Progress progress = new Progress.Lines("vq", 10, 20, 64, out, Duration.ZERO)) {
      progress.update(report(15));
    }
    assertThat(shown())
        .matches(
            "vq: step 15 of 20 \\(75%\\), loss 0.1250, [0-9.]+ steps/s, [0-9]+ images/s,"
                + " 0:00:00 left\\R");
  }

  @Test
  void linesComeOnlyNowAndThenAndAtTheEnd() {
    try (Progress progress = Progress.of(Progress.Style.LINES, "vq", 0, 100, 1, out)) {
      for (int step = 1; step <= 100; step++) {
        progress.update(report(step));
      }
    }
    assertThat(shown().lines()).hasSize(1);
    assertThat(shown()).startsWith("vq: step 100 of 100 (100%)");
  }

  @Test
  void theBarShowsTaskLossAndSpeed() {
    try (Progress progress = Progress.of(Progress.Style.BAR, "prior", 50, 100, 64, out)) {
      progress.update(report(51));
      progress.update(report(100));
    }
    assertThat(shown()).contains("prior").contains("100/100").contains("loss");
  }

  @Test
  void withoutAConsoleTheChoiceIsLines() {
    Progress progress = Progress.of(Progress.Style.AUTO, "vq", 0, 10, 1, out);
    progress.close();
    assertThat(progress)
        .isInstanceOf(System.console() == null ? Progress.Lines.class : Progress.Bar.class);
    try (Progress silent = Progress.of(Progress.Style.NONE, "vq", 0, 1, 1, out)) {
      silent.update(report(1));
    }
    assertThat(shown()).isEmpty();
  }
}
