package io.mvq.metric;

import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Mean and covariance of feature vectors, gathered over batches in float64. Sums are taken about
 * the first batch's mean, so that a large common offset does not cancel the digits of the
 * covariance.
 */
public final class FeatureMoments implements AutoCloseable {
  private final int width;
  private final Tensor shift;
  private final Tensor sum;
  private final Tensor products;
  private long count;

  /** For vectors of {@code width} floats. Create it outside a step's PointerScope. */
  public FeatureMoments(int width) {
    if (width < 1) {
      throw new IllegalArgumentException("width must be at least 1, got " + width);
    }
    this.width = width;
    shift = doubles(width);
    sum = doubles(width);
    products = doubles(width, width);
  }

  /** Goes on from sums that were gathered elsewhere. */
  public FeatureMoments(MomentSums gathered) {
    this(gathered.width());
    try (PointerScope scope = new PointerScope()) {
      shift.copy_(Tensors.of(gathered.mean(), width));
      products.copy_(Tensors.of(gathered.products(), width, width));
    }
    count = gathered.count();
  }

  /** What was gathered so far, to be sent and merged. */
  public MomentSums sums() {
    if (count == 0) {
      return MomentSums.none(width);
    }
    try (PointerScope scope = new PointerScope()) {
      Tensor mean = sum.div(new Scalar((double) count)).add(shift);
      return new MomentSums(count, Tensors.doubles(mean), Tensors.doubles(aboutMean()));
    }
  }

  /** Adds vectors, (n, width); throws on a NaN or an infinity. */
  public void add(Tensor features) {
    Shapes.require(features, "features", Shapes.ANY, width);
    if (features.size(0) == 0) {
      return;
    }
    try (PointerScope scope = new PointerScope()) {
      Tensor rows = features.detach().to(ScalarType.Double).cpu();
      if (!torch.isfinite(rows).all().item_bool()) {
        throw new IllegalArgumentException(
            "features must be finite, got NaN or infinity among rows "
                + count
                + " to "
                + (count + rows.size(0) - 1)
                + "; has the model diverged?");
      }
      if (count == 0) {
        shift.copy_(rows.mean(0));
      }
      Tensor centred = rows.sub(shift);
      sum.add_(centred.sum(0));
      products.add_(torch.matmul(centred.t(), centred));
      count += rows.size(0);
    }
  }

  /** How many vectors were added. */
  public long count() {
    return count;
  }

  /** Floats a vector. */
  public int width() {
    return width;
  }

  /** float64 (width). */
  public Tensor mean() {
    requireTwo();
    return sum.div(new Scalar((double) count)).add(shift);
  }

  /** float64 (width, width), divided by count - 1. */
  public Tensor covariance() {
    requireTwo();
    return aboutMean().div(new Scalar(count - 1.0));
  }

  private Tensor aboutMean() {
    return products.sub(torch.outer(sum, sum).div(new Scalar((double) count)));
  }

  @Override
  public void close() {
    shift.close();
    sum.close();
    products.close();
  }

  private void requireTwo() {
    if (count < 2) {
      throw new IllegalStateException(
          "a covariance needs at least 2 feature vectors, got " + count);
    }
  }

  private static Tensor doubles(long... shape) {
    return torch.zeros(shape, Tensors.options(ScalarType.Double));
  }
}
