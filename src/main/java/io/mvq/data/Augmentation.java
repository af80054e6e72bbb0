package io.mvq.data;

import java.util.SplittableRandom;

/**
 * Random changes to training images.
 *
 * @param flip probability of mirroring left and right, 0 to 1
 * @param colour the most that is added to a channel, as a share of its full range, 0 to 1
 */
public record Augmentation(double flip, double colour) {
  /** Images as they are. */
  public static final Augmentation NONE = new Augmentation(0, 0);

  public Augmentation {
    if (!(flip >= 0 && flip <= 1)) {
      throw new IllegalArgumentException("flip must be 0 to 1, got " + flip);
    }
    if (!(colour >= 0 && colour <= 1)) {
      throw new IllegalArgumentException("colour must be 0 to 1, got " + colour);
    }
  }

  /**
   * Writes uint8 {@code pixels} as floats in [-1, 1], changed, at {@code start} of {@code into}.
   */
  void apply(
      byte[] pixels, int channels, int side, SplittableRandom random, float[] into, int start) {
    boolean mirrored = random.nextDouble() < flip;
    for (int c = 0; c < channels; c++) {
      float shift = (float) (2 * colour * (2 * random.nextDouble() - 1));
      for (int y = 0; y < side; y++) {
        int row = (c * side + y) * side;
        for (int x = 0; x < side; x++) {
          int value = pixels[row + (mirrored ? side - 1 - x : x)] & 255;
          into[start + row + x] = Math.max(-1, Math.min(1, Levels.of(value) + shift));
        }
      }
    }
  }
}
