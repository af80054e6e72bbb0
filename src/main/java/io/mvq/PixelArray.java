package io.mvq;

import java.util.Locale;

/** Pixels as a caller holds them, planar in an array. */
final class PixelArray {
  private PixelArray() {}

  /** Throws unless they are of a model's size, each in -1..1. */
  static void require(float[] pixels, int channels, int side, int height, int width) {
    if (height != side || width != side) {
      throw bad(
          "pixels must be %d x %d, as this model has, got %d x %d; a BufferedImage is scaled",
          side, side, height, width);
    }
    int size = channels * side * side;
    if (pixels.length != size) {
      throw bad(
          "pixels must be %d x %d x %d = %d floats, %s, got %d",
          channels,
          side,
          side,
          size,
          channels == 3 ? "all red, then green, then blue" : "grey",
          pixels.length);
    }
    for (int i = 0; i < size; i++) {
      if (!(pixels[i] >= -1 && pixels[i] <= 1)) { // NaN too
        throw bad("pixels must be in -1..1, got %s at place %d", pixels[i], i);
      }
    }
  }

  private static IllegalArgumentException bad(String text, Object... values) {
    return new IllegalArgumentException(String.format(Locale.ROOT, text, values));
  }
}
