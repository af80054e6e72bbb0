package io.mvq.data.set;

import io.mvq.data.format.Raster;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds pictures that are one picture in two sizes or encodings: their 16 x 16 grey thumbnails
 * correlate almost fully.
 */
final class SamePicture {
  private static final int SIDE = 16;
  private static final double LEAST = 0.97;

  private record Thumbnail(String name, double[] standardised) {}

  private final List<Thumbnail> thumbnails = new ArrayList<>();
  private final Groups groups = new Groups();

  void add(String name, Raster image) {
    double[] mine = standardised(image.withChannels(1).resized(SIDE, SIDE).pixels());
    for (Thumbnail other : thumbnails) {
      double correlation = 0;
      for (int i = 0; i < mine.length; i++) {
        correlation += mine[i] * other.standardised()[i];
      }
      if (correlation >= LEAST) {
        groups.join(name, other.name());
      }
    }
    thumbnails.add(new Thumbnail(name, mine));
  }

  /** The name that stands for a picture and all that are the same. */
  String group(String name) {
    return groups.of(name);
  }

  /** Mean 0, sum of squares 1; all 0 for a picture of one colour. */
  private static double[] standardised(byte[] pixels) {
    double[] values = new double[pixels.length];
    double mean = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = pixels[i] & 255;
      mean += values[i] / values.length;
    }
    double squares = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] -= mean;
      squares += values[i] * values[i];
    }
    for (int i = 0; i < values.length; i++) {
      values[i] /= Math.sqrt(Math.max(squares, 1e-9));
    }
    return values;
  }
}
