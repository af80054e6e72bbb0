package io.mvq.train;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far training is and how long it will take: a bar on a terminal, lines elsewhere. */
public interface Progress extends AutoCloseable {
  /** Shows a step; cheap enough to call after each. Fits {@link Trainer#every}. */
  void update(StepReport report);

  @Override
  void close();

  /** How to show it. */
  enum Style {
    /** {@link #BAR} if there is a console, else {@link #LINES}. */
    AUTO,
    BAR,
    LINES,
    NONE
  }

  /**
   * Begins to show.
   *
   * @param task what is trained, in a word
   * @param done steps done before, if resumed
   * @param steps in all
   * @param imagesPerStep batch size times accumulated batches
   */
  @SuppressWarnings("SystemConsoleNull") // from JDK 22 on a pipe has a console too: say LINES there
  static Progress of(
      Style style, String task, long done, long steps, int imagesPerStep, PrintStream out) {
    return switch (style) {
      case AUTO ->
          of(
              System.console() == null ? Style.LINES : Style.BAR,
              task,
              done,
              steps,
              imagesPerStep,
              out);
      case BAR -> new Bar(task, done, steps, imagesPerStep, out);
      case LINES -> new Lines(task, done, steps, imagesPerStep, out, Duration.ofSeconds(10));
      case NONE -> new Silent();
    };
  }

  /** Shows nothing. */
  final class Silent implements Progress {
    @Override
    public void update(StepReport report) {}

    @Override
    public void close() {}
  }

  /** Redrawn in place. */
  final class Bar implements Progress {
    private final ProgressBar bar;
    private final long done;
    private final int imagesPerStep;
    private final long start = System.nanoTime();

    Bar(String task, long done, long steps, int imagesPerStep, PrintStream out) {
      this.done = done;
      this.imagesPerStep = imagesPerStep;
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(steps)
              .startsFrom(done, Duration.ZERO)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(500)
              .setUnit(" steps", 1)
              .showSpeed()
              .setConsumer(new ConsoleProgressBarConsumer(out))
              .build();
    }

    @Override
    public void update(StepReport report) {
      double seconds = (System.nanoTime() - start) / 1e9;
      double images = (report.step() - done) * imagesPerStep / seconds;
      bar.setExtraMessage(
          String.format(Locale.ROOT, " loss %.4g, %.0f images/s", report.loss(), images));
      bar.stepTo(report.step());
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  /** One line an interval, and one for the last step. */
  final class Lines implements Progress {
    private final String task;
    private final long steps;
    private final int imagesPerStep;
    private final PrintStream out;
    private final long intervalNanos;
    private long lastStep;
    private long lastTime = System.nanoTime();

    Lines(
        String task, long done, long steps, int imagesPerStep, PrintStream out, Duration interval) {
      this.task = task;
      this.steps = steps;
      this.imagesPerStep = imagesPerStep;
      this.out = out;
      intervalNanos = interval.toNanos();
      lastStep = done;
    }

    @Override
    public void update(StepReport report) {
      long now = System.nanoTime();
      if (now - lastTime < intervalNanos && report.step() < steps) {
        return;
      }
      double speed = (report.step() - lastStep) / ((now - lastTime) / 1e9);
      long left = Math.round((steps - report.step()) / speed);
      out.printf(
          Locale.ROOT,
          "%s: step %d of %d (%d%%), loss %.4g, %.1f steps/s, %.0f images/s, %d:%02d:%02d left%n",
          task,
          report.step(),
          steps,
          100 * report.step() / steps,
          report.loss(),
          speed,
          speed * imagesPerStep,
          left / 3600,
          left / 60 % 60,
          left % 60);
      lastStep = report.step();
      lastTime = now;
    }

    @Override
    public void close() {
      out.flush();
    }
  }
}
