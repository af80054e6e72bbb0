package io.mvq.metric;

import io.mvq.tensor.Shapes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * The Frechet distance as it would be from infinitely many generated images (FID-infinity on the
 * FID Inception's features), Chong and Forsyth, arXiv 1911.07023, section 3: its bias goes with 1 /
 * N, so a line is fitted to the distances at several N over 1 / N, and read at 0. The bias of the
 * real set stays.
 *
 * @param value the distance at 1 / N = 0; lower is better, noise may take it below 0
 * @param slope of the line: what one image alone would add
 * @param points the distances that the line was fitted to, from few images to many
 */
public record FrechetExtrapolation(double value, double slope, List<Point> points) {
  /** The paper's number of subset sizes. */
  public static final int POINTS = 15;

  /** The distance of a random subset. @param images how many it has */
  public record Point(int images, double distance) {}

  /** Copies the points. */
  public FrechetExtrapolation {
    points = List.copyOf(points);
  }

  /** With the paper's 15 sizes, from a tenth of the images to all. */
  public static FrechetExtrapolation of(FeatureMoments real, Tensor generated, long seed) {
    long n = Shapes.require(generated, "generated", Shapes.ANY, real.width()).size(0);
    return of(real, generated, POINTS, (int) Math.max(2, n / 10), seed);
  }

  /**
   * @param generated (n, d) features
   * @param count how many sizes, spread evenly from the least to n: at least 2
   * @param least the smallest size, at least 2; below d the line no longer fits well
   */
  public static FrechetExtrapolation of(
      FeatureMoments real, Tensor generated, int count, int least, long seed) {
    if (count < 2 || least < 2) {
      throw new IllegalArgumentException(
          "count and least must be at least 2, got " + count + " and " + least);
    }
    Shapes.require(generated, "generated", Shapes.ANY, real.width());
    long needed = (long) least + count - 1;
    FeatureRows.check(generated, "generated", needed, count + " sizes from " + least + " upwards");
    SplittableRandom random = new SplittableRandom(seed);
    long n = generated.size(0);
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int size = Math.toIntExact(least + (n - least) * i / (count - 1));
      try (PointerScope scope = new PointerScope();
          FeatureMoments subset = new FeatureMoments(real.width())) {
        subset.add(FeatureRows.drawn(generated, size, random));
        points.add(new Point(size, FrechetDistance.between(real, subset)));
      }
    }
    return fitted(points);
  }

  /** The line of least squares through distances over 1 / images. */
  static FrechetExtrapolation fitted(List<Point> points) {
    double x = points.stream().mapToDouble(p -> 1.0 / p.images()).average().orElseThrow();
    double y = points.stream().mapToDouble(Point::distance).average().orElseThrow();
    double xx = 0;
    double xy = 0;
    for (Point point : points) {
      double apart = 1.0 / point.images() - x;
      xx += apart * apart;
      xy += apart * (point.distance() - y);
    }
    return new FrechetExtrapolation(y - xy / xx * x, xy / xx, points);
  }
}
