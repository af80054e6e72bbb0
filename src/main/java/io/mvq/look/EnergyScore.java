package io.mvq.look;

import io.mvq.tensor.Devices;
import io.mvq.tensor.Shapes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The energy score (Gneiting and Raftery 2007, section 4.3; for networks that draw: DISCO Nets,
 * arXiv 1606.02556) of m draws y for an image x:
 *
 * <pre>ES = 1/m sum_i |f(x) - f(y_i)| - 1 / (m (m - 1)) sum_{i &lt; j} |f(y_i) - f(y_j)|</pre>
 *
 * an unbiased estimate of E|f(x) - f(y)| - 1/2 E|f(y) - f(y')|, which is smallest when the draws
 * are distributed as the images that share the tokens (a squared length would only ask for their
 * mean). With one draw, of a model without masks, y' = y: what is left is a perceptual distance.
 *
 * <p>f are pixels in patches, and the maps of a look with the channels of each position scaled to
 * length 1 (as LPIPS, arXiv 1801.03924), each map's length weighted, averaged over positions.
 */
public final class EnergyScore {
  /**
   * Weights of the score's two parts, each at least 0, one of them above.
   *
   * @param patches weight of the pixels'
   * @param look weight of the look's maps together
   */
  public record Weights(double patches, double look) {
    public Weights {
      if (!(patches >= 0 && look >= 0 && patches + look > 0)) {
        throw new IllegalArgumentException(
            "weights of the energy score must be at least 0 and one of them above, got patches "
                + patches
                + " and look "
                + look);
      }
    }
  }

  /**
   * Real images as the score sees them, without a graph: made once a batch.
   *
   * @param pixels (n, c, side, side)
   * @param maps of the look, unit lengths; empty without one
   */
  public record Seen(Tensor pixels, List<Tensor> maps) {}

  private final Weights weights;
  private final PixelPatches patches;
  private final Look look;
  private final List<Double> perMap;

  /** Every map weighs 1. */
  public EnergyScore(Weights weights, PixelPatches patches, Look look) {
    this(weights, patches, look, List.of());
  }

  /**
   * A score.
   *
   * @param look null exactly if its weight is 0
   * @param perMap weight of each map of the look, at least 0; empty for 1 each
   */
  public EnergyScore(Weights weights, PixelPatches patches, Look look, List<Double> perMap) {
    if ((look == null) != (weights.look() == 0)) {
      throw new IllegalArgumentException(
          look == null
              ? "a look must be given for a weight of " + weights.look() + ", got none"
              : "the weight of the look must be above 0 for " + look.name() + ", got 0");
    }
    if (perMap.stream().anyMatch(weight -> !(weight >= 0))) {
      throw new IllegalArgumentException("weights of maps must be at least 0, got " + perMap);
    }
    this.weights = weights;
    this.patches = patches;
    this.look = look;
    this.perMap = List.copyOf(perMap);
  }

  /** Throws unless images of this shape can be scored. */
  public void check(long channels, long side) {
    if (weights.patches() > 0) {
      patches.check(side);
    }
    if (look != null) {
      look.check(channels, side);
    }
  }

  /** Real images, (n, c, side, side) in [-1, 1]. */
  public Seen see(Tensor real) {
    try (NoGradGuard guard = new NoGradGuard()) {
      return new Seen(real.detach(), maps(real));
    }
  }

  /**
   * The score, a scalar with a graph to the draws.
   *
   * @param real n images or more, of which the first n are used
   * @param draws (m * n, c, side, side) in [-1, 1], draw by draw
   * @param n images that are drawn for
   */
  public Tensor of(Seen real, Tensor draws, long n) {
    Tensor pixels = real.pixels();
    Shapes.require(draws, "draws", Shapes.ANY, pixels.size(1), pixels.size(2), pixels.size(3));
    if (n < 1 || n > pixels.size(0) || draws.size(0) % n != 0 || draws.size(0) == 0) {
      throw new IllegalArgumentException(
          String.format(
              "draws must be a multiple of n, at least 1 and at most the %d real images; got %d"
                  + " draws for n = %d",
              pixels.size(0), draws.size(0), n));
    }
    Tensor score = null;
    if (weights.patches() > 0) {
      Tensor far = score(Devices.like(pixels, draws), draws, n, patches::length);
      score = far.mul(new Scalar(weights.patches()));
    }
    List<Tensor> made = maps(draws);
    for (int i = 0; i < made.size(); i++) {
      double weight = weights.look() * weight(i, made.size());
      if (weight > 0) {
        Tensor far = score(real.maps().get(i), made.get(i), n, Lengths::mean);
        score = sum(score, far.mul(new Scalar(weight)));
      }
    }
    return score;
  }

  private double weight(int map, int maps) {
    if (!perMap.isEmpty() && perMap.size() != maps) {
      throw new IllegalArgumentException(
          look.name() + " has " + maps + " maps, got " + perMap.size() + " weights");
    }
    return perMap.isEmpty() ? 1 : perMap.get(map);
  }

  private List<Tensor> maps(Tensor images) {
    List<Tensor> unit = new ArrayList<>();
    if (look != null) {
      look.maps(images).forEach(map -> unit.add(Lengths.unit(map)));
    }
    return unit;
  }

  /** Of one f. @param length of a batch of differences, a scalar */
  static Tensor score(Tensor x, Tensor y, long n, UnaryOperator<Tensor> length) {
    long m = y.size(0) / n;
    Tensor first = x.narrow(0, 0, n);
    Tensor toReal = null;
    Tensor apart = null;
    for (long i = 0; i < m; i++) {
      Tensor draw = y.narrow(0, i * n, n);
      toReal = sum(toReal, length.apply(first.sub(draw)));
      for (long j = i + 1; j < m; j++) {
        apart = sum(apart, length.apply(draw.sub(y.narrow(0, j * n, n))));
      }
    }
    Tensor near = toReal.div(new Scalar((double) m));
    return apart == null ? near : near.sub(apart.div(new Scalar((double) (m * (m - 1)))));
  }

  private static Tensor sum(Tensor one, Tensor other) {
    return one == null ? other : one.add(other);
  }
}
