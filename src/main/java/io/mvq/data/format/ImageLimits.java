package io.mvq.data.format;

import java.time.Duration;

/**
 * How far an image file is trusted. Beyond these it counts as damaged.
 *
 * @param pixels the most that its header may claim, 1 to 500 million; refused before memory is
 *     taken
 * @param deadline for decoding one image, above 0 and at most a day: damaged files can make a
 *     decoder run for ever
 */
public record ImageLimits(long pixels, Duration deadline) {
  /** 50 million pixels, which take some 400 MB while they are scaled, and 10 seconds. */
  public static final ImageLimits DEFAULT = new ImageLimits(50_000_000, Duration.ofSeconds(10));

  /** What {@code pixels} can be; so many take some 4 GB. */
  public static final long MOST_PIXELS = 500_000_000;

  public ImageLimits {
    if (pixels < 1 || pixels > MOST_PIXELS) {
      throw new IllegalArgumentException("pixels must be 1 to 500,000,000, got " + pixels);
    }
    if (deadline.isNegative() || deadline.isZero() || deadline.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "deadline must be above 0 and at most a day, got " + deadline);
    }
  }
}
