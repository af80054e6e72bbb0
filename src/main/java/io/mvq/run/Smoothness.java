package io.mvq.run;

import java.util.List;
import java.util.function.BinaryOperator;
import org.bytedeco.pytorch.Tensor;

/**
 * How evenly a path of images goes: the distances from each to the next, as shares of that from the
 * first to the last. A path that jumps has one step near 1.
 *
 * @param mean of the steps
 * @param most the longest step
 */
public record Smoothness(double mean, double most) {
  /**
   * Of a path.
   *
   * @param path at least 2 images, each (1, c, side, side)
   * @param distance of two images, a scalar
   */
  public static Smoothness of(List<Tensor> path, BinaryOperator<Tensor> distance) {
    if (path.size() < 2) {
      throw new IllegalArgumentException("a path needs at least 2 images, got " + path.size());
    }
    double whole = distance.apply(path.get(0), path.get(path.size() - 1)).item_double();
    if (!(whole > 0)) {
      return new Smoothness(0, 0); // both ends look alike: there is no way to go
    }
    double sum = 0;
    double most = 0;
    for (int i = 1; i < path.size(); i++) {
      double step = distance.apply(path.get(i - 1), path.get(i)).item_double() / whole;
      sum += step;
      most = Math.max(most, step);
    }
    return new Smoothness(sum / (path.size() - 1), most);
  }
}
