package io.mvq.cli;

import io.mvq.data.format.ImageLimits;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How far the image files of a folder are trusted; no part of a recipe. */
final class ImageFlags {
  private static final long NANOSECONDS = 1_000_000_000;
  private static final long DAY = 86_400;

  @Option(
      names = "--image-pixels",
      paramLabel = "N",
      defaultValue = "50000000",
      description =
          "an image file whose header claims more pixels is left out unread, 1 to 500000000"
              + " (default: 50000000)")
  private long pixels;

  @Option(
      names = "--image-seconds",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description =
          "an image file that takes longer to decode counts as damaged, above 0, at most a day"
              + " (default: 10)")
  private double seconds;

  /** The limits; an error names the flag. */
  ImageLimits limits() {
    if (pixels < 1 || pixels > ImageLimits.MOST_PIXELS) {
      throw new IllegalArgumentException(
          "--image-pixels must be in 1.." + ImageLimits.MOST_PIXELS + ", got " + pixels);
    }
    if (!(seconds > 0 && seconds <= DAY)) {
      throw new IllegalArgumentException(
          "--image-seconds must be above 0, at most " + DAY + ", got " + seconds);
    }
    long nanoseconds = Math.max(1, Math.round(seconds * NANOSECONDS));
    return new ImageLimits(pixels, Duration.ofNanos(nanoseconds));
  }
}
