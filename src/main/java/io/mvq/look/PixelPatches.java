package io.mvq.look;

import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * How far apart two images are by their pixels: square patches of several widths, of the images at
 * several scales. A patch's length is the root of its mean square; patches overlap by half.
 *
 * @param scales images at full size, half, a quarter and so on: at least 1 of them
 * @param widths of patches in pixels of their scale, odd, each at least 1; one that is wider than a
 *     scaled image is left out there
 */
public record PixelPatches(int scales, List<Integer> widths) {
  /** Four scales of patches 1, 3 and 7 pixels wide. */
  public static final PixelPatches DEFAULT = new PixelPatches(4, List.of(1, 3, 7));

  public PixelPatches {
    widths = List.copyOf(widths);
    if (scales < 1) {
      throw new IllegalArgumentException("scales must be at least 1, got " + scales);
    }
    if (widths.isEmpty() || widths.stream().anyMatch(width -> width < 1 || width % 2 == 0)) {
      throw new IllegalArgumentException("widths must be odd, at least one of them, got " + widths);
    }
  }

  /** Throws unless every scale of such images has a pixel and the largest one a patch. */
  void check(long side) {
    long least = 1L << (scales - 1);
    if (side < least) {
      throw new IllegalArgumentException(
          "images must be at least "
              + least
              + " pixels wide for "
              + scales
              + " scales of patches,"
              + " got "
              + side);
    }
    int narrowest = widths.stream().min(Integer::compare).orElseThrow();
    if (side < narrowest) {
      throw new IllegalArgumentException(
          "images must be at least as wide as a patch, " + narrowest + ", got " + side);
    }
  }

  /** Mean over scales and widths of the patches' mean length. @param difference (n, c, s, s) */
  Tensor length(Tensor difference) {
    Tensor sum = null;
    int terms = 0;
    Tensor at = difference;
    for (int scale = 0; scale < scales; scale++) {
      at = scale == 0 ? at : averaged(at, 2, 2);
      Tensor square = at.square().mean(new long[] {1}, true, null);
      for (int width : widths) {
        if (width <= at.size(2)) {
          Tensor boxes = width == 1 ? square : averaged(square, width, width / 2);
          Tensor length = Lengths.ofSquare(boxes).mean();
          sum = sum == null ? length : sum.add(length);
          terms++;
        }
      }
    }
    return sum.div(new org.bytedeco.pytorch.Scalar((double) terms));
  }

  private static Tensor averaged(Tensor x, long width, long stride) {
    return torch.avg_pool2d(
        x,
        new long[] {width, width},
        new long[] {stride, stride},
        new long[] {0, 0},
        false,
        true,
        new LongOptional());
  }
}
