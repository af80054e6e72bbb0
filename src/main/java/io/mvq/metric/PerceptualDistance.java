package io.mvq.metric;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * How different two images look to a network: LPIPS (Zhang et al., arXiv 1801.03924) without its
 * learned weights. At each map the channels of a position are scaled to length 1; the mean squared
 * differences are summed over maps. For training: its gradients reach the images, not the network.
 */
public record PerceptualDistance(NsfwjsInception network) {
  private static final double SMALLEST_LENGTH = 1e-8;

  /** Scalar with a graph. @param a (n, c, h, w) in [-1, 1] @param b the same */
  public Tensor distance(Tensor a, Tensor b) {
    return each(a, b).mean();
  }

  /** Of each pair, (n), with a graph. */
  public Tensor each(Tensor a, Tensor b) {
    List<Tensor> left = network.maps(a);
    List<Tensor> right = network.maps(b);
    Tensor sum = null;
    for (int i = 0; i < left.size(); i++) {
      Tensor apart = unit(left.get(i)).sub(unit(right.get(i))).square().sum(1).mean(1, 2);
      sum = sum == null ? apart : sum.add(apart);
    }
    return sum;
  }

  private static Tensor unit(Tensor map) {
    Tensor length = map.square().sum(1).unsqueeze(1).add(new Scalar(SMALLEST_LENGTH)).sqrt();
    return map.div(length);
  }
}
