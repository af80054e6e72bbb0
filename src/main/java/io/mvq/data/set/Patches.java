package io.mvq.data.set;

import io.mvq.data.format.Raster;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Patches of 64 x 64 pixels cut from a photograph at several sizes: its short side made 64, 91,
 * 128, 181, ... pixels (each about the root of 2 larger) as far as it has so many, up to {@value
 * #LARGEST}, and patches half overlapping. The coarsest shows nearly the whole photograph.
 */
final class Patches {
  private Patches() {}

  /** Larger photographs are seldom sharp in every pixel. */
  static final int LARGEST = 768;

  /** The least standard deviation of a patch's luma, of 255; below are sky, walls and black. */
  static final double FLATTEST = 12;

  private static final int SIDE = DecodedSet.SIDE;

  /**
   * Cuts at most {@code most} patches, about equally many of each size, those of one size in a
   * random but repeatable order.
   */
  static List<Raster> of(Raster photograph, int most, long seed) {
    List<List<Raster>> levels = new ArrayList<>();
    Random random = new Random(seed);
    int shortest = Math.min(photograph.height(), photograph.width());
    for (int k = 0; levelSide(k) <= Math.min(LARGEST, shortest); k++) {
      double scale = (double) levelSide(k) / shortest;
      Raster level =
          photograph.resized(
              (int) Math.round(photograph.height() * scale),
              (int) Math.round(photograph.width() * scale));
      levels.add(cut(level, most, random));
    }
    List<Raster> patches = new ArrayList<>();
    for (int round = 0; round < most; round++) {
      for (List<Raster> level : levels) {
        if (round < level.size() && patches.size() < most) {
          patches.add(level.get(round));
        }
      }
    }
    return patches;
  }

  private static int levelSide(int k) {
    return (int) Math.round(SIDE * Math.pow(2, k / 2.0));
  }

  private static List<Raster> cut(Raster level, int most, Random random) {
    List<int[]> corners = new ArrayList<>();
    for (int top = 0; top + SIDE <= level.height(); top += SIDE / 2) {
      for (int left = 0; left + SIDE <= level.width(); left += SIDE / 2) {
        corners.add(new int[] {top, left});
      }
    }
    Collections.shuffle(corners, random);
    List<Raster> patches = new ArrayList<>();
    for (int[] corner : corners) {
      Raster patch = level.cropped(corner[0], corner[1], SIDE, SIDE);
      if (patches.size() < most && deviation(patch) >= FLATTEST) {
        patches.add(patch);
      }
    }
    return patches;
  }

  /** Standard deviation of luma, 0 to 127.5. */
  static double deviation(Raster image) {
    byte[] luma = image.withChannels(1).pixels();
    double sum = 0;
    double squares = 0;
    for (byte value : luma) {
      sum += value & 255;
      squares += (value & 255) * (value & 255);
    }
    double mean = sum / luma.length;
    return Math.sqrt(Math.max(0, squares / luma.length - mean * mean));
  }
}
