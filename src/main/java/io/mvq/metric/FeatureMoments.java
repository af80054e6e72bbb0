package io.mvq.metric;

import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Mean and covariance of feature vectors, gathered over batches. A feature counts as the nearest
 * multiple of 2^-24, and sums are of such whole numbers, exact: neither the sizes of batches nor
 * their order nor where they are added up changes a bit of them.
 *
 * <p>Frechet distances need that. They take roots of covariances, which may be singular, and a root
 * makes of a last bit near 0, 1e-16, a difference of 1e-8.
 */
public final class FeatureMoments implements AutoCloseable {
  /** Features must be smaller, of either sign, for sums to be exact. */
  public static final int MOST = 1 << 16;

  /** Vectors of one sum. */
  public static final int MOST_VECTORS = 1 << 22;

  /** Whole numbers a unit. */
  private static final double UNIT = 1 << MomentSums.FRACTION;

  /** Numbers of 40 bits are products' factors in two halves: h * HALF + l. */
  private static final double HALF = 1 << MomentSums.HALF_BITS;

  /** So many products of 40 bits have a sum below 2^53: exact in float64, whatever its order. */
  private static final int ROWS = 4096;

  private final int width;
  private final Tensor sum;
  private final Tensor high;
  private final Tensor middle;
  private final Tensor low;
  private long count;

  /** For vectors of {@code width} floats. Create it outside a step's PointerScope. */
  public FeatureMoments(int width) {
    if (width < 1) {
      throw new IllegalArgumentException("width must be at least 1, got " + width);
    }
    this.width = width;
    sum = Tensors.longZeros(width);
    high = Tensors.longZeros(width, width);
    middle = Tensors.longZeros(width, width);
    low = Tensors.longZeros(width, width);
  }

  /** Goes on from sums that were gathered elsewhere. */
  public FeatureMoments(MomentSums gathered) {
    this(gathered.width());
    try (PointerScope scope = new PointerScope()) {
      sum.copy_(Tensors.of(gathered.sum(), width));
      high.copy_(Tensors.of(gathered.high(), width, width));
      middle.copy_(Tensors.of(gathered.middle(), width, width));
      low.copy_(Tensors.of(gathered.low(), width, width));
    }
    count = gathered.count();
  }

  /** What was gathered so far, to be sent and added to others. */
  public MomentSums sums() {
    return new MomentSums(
        count, Tensors.longs(sum), Tensors.longs(high), Tensors.longs(middle), Tensors.longs(low));
  }

  /** Adds vectors, (n, width); throws on a NaN, an infinity or what is not below {@link #MOST}. */
  public void add(Tensor features) {
    Shapes.require(features, "features", Shapes.ANY, width);
    long n = features.size(0);
    for (long from = 0; from < n; from += ROWS) {
      try (PointerScope scope = new PointerScope()) {
        addSome(features.narrow(0, from, Math.min(ROWS, n - from)));
      }
    }
  }

  private void addSome(Tensor features) {
    Tensor rows = features.detach().to(ScalarType.Double).cpu();
    require(rows);
    Tensor grid = rows.mul(new Scalar(UNIT)).round();
    Tensor h = grid.div(new Scalar(HALF)).round();
    Tensor l = grid.sub(h.mul(new Scalar(HALF)));
    Tensor mixed = torch.matmul(h.t(), l);
    sum.add_(whole(grid.sum(0)));
    high.add_(whole(torch.matmul(h.t(), h)));
    middle.add_(whole(mixed.add(mixed.t())));
    low.add_(whole(torch.matmul(l.t(), l)));
    count += rows.size(0);
  }

  private static Tensor whole(Tensor doubles) {
    return doubles.to(ScalarType.Long);
  }

  private void require(Tensor rows) {
    long last = count + rows.size(0) - 1;
    if (!torch.isfinite(rows).all().item_bool()) {
      throw new IllegalArgumentException(
          "features must be finite, got NaN or infinity among rows "
              + count
              + " to "
              + last
              + "; has the model diverged?");
    }
    double greatest = rows.abs().max().item_double();
    if (greatest >= MOST) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "features must be below %d in size, got %s among rows %d to %d; scale them",
              MOST,
              greatest,
              count,
              last));
    }
    if (last >= MOST_VECTORS) {
      throw new IllegalArgumentException(
          "feature vectors must be at most " + MOST_VECTORS + ", got " + (last + 1));
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
    return Tensors.of(sums().mean(), width);
  }

  /** float64 (width, width), divided by count - 1. */
  public Tensor covariance() {
    requireTwo();
    return Tensors.of(sums().covariance(), width, width);
  }

  @Override
  public void close() {
    sum.close();
    high.close();
    middle.close();
    low.close();
  }

  private void requireTwo() {
    if (count < 2) {
      throw new IllegalStateException(
          "a covariance needs at least 2 feature vectors, got " + count);
    }
  }
}
