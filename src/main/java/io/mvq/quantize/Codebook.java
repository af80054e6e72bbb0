package io.mvq.quantize;

import io.mvq.tensor.Devices;
import io.mvq.tensor.Parameters;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A codebook of K codes, learned by exponential moving averages (arXiv 1711.00937, appendix A.1).
 * All its state is in buffers, so that a checkpoint holds it: codes, EMA counts and sums, steps
 * unused.
 */
public final class Codebook extends Module {
  /**
   * How a codebook learns.
   *
   * @param decay of the moving averages, in 0..1 exclusive
   * @param deadAfter training steps without a row after which a code restarts from a random row; 0
   *     for never
   * @param cosine codes and rows are compared at unit length
   */
  public record Learning(double decay, long deadAfter, boolean cosine) {
    /** Decay 0.99, restart after 50 unused steps, Euclidean. */
    public static final Learning DEFAULT = new Learning(0.99, 50, false);

    public Learning {
      if (!(decay > 0 && decay < 1)) {
        throw new IllegalArgumentException("decay must be between 0 and 1, got " + decay);
      }
      if (deadAfter < 0) {
        throw new IllegalArgumentException("deadAfter must be at least 0, got " + deadAfter);
      }
    }
  }

  private final Learning learning;
  private final Tensor codes;
  private final Tensor counts;
  private final Tensor sums;
  private final Tensor unused;
  private final Tensor ready;

  /**
   * An empty codebook, which the first rows it learns from initialise.
   *
   * @param codes K
   * @param width floats a code, as it is searched
   */
  public Codebook(long codes, long width, Learning learning) {
    super("Codebook");
    if (codes < 1) {
      throw new IllegalArgumentException("codes must be at least 1, got " + codes);
    }
    if (width < 1) {
      throw new IllegalArgumentException("width must be at least 1, got " + width);
    }
    this.learning = learning;
    this.codes = Parameters.buffer(this, "codes", Tensors.zeros(codes, width));
    counts = Parameters.buffer(this, "ema_counts", Tensors.zeros(codes));
    sums = Parameters.buffer(this, "ema_sums", Tensors.zeros(codes, width));
    unused = Parameters.buffer(this, "unused_steps", Tensors.zeros(codes));
    ready = Parameters.buffer(this, "ready", Tensors.zeros(1));
  }

  /** The codes, (K, width). */
  public Tensor codes() {
    return codes;
  }

  /** Number of codes. */
  public long size() {
    return codes.size(0);
  }

  /** Whether codes have been learned or loaded. */
  public boolean isReady() {
    return ready.item_float() != 0;
  }

  /** Each row's nearest code. @param rows (n, width) dense. @return (n) int64 */
  public Tensor assign(Tensor rows) {
    Shapes.require(rows, "rows", Shapes.ANY, codes.size(1));
    if (!isReady()) {
      throw new IllegalStateException(
          "the codebook has no codes yet: train it, initialise it from rows, or load a checkpoint");
    }
    try (NoGradGuard guard = new NoGradGuard()) {
      return Search.nearest(comparable(rows), codes);
    }
  }

  /**
   * The codes of the given indices. @param index int64, any shape. @return index's shape with width
   * appended
   */
  public Tensor lookup(Tensor index) {
    long[] shape = Shapes.of(index, "index");
    long[] flat = Arrays.copyOf(shape, shape.length + 1);
    flat[shape.length] = codes.size(1);
    return codes.index_select(0, Devices.like(index, codes).reshape(-1)).reshape(flat);
  }

  /**
   * Sets the codes by k-means on these rows and starts the averages from them. @param rows (n,
   * width)
   */
  public void initialize(Tensor rows) {
    Shapes.require(rows, "rows", Shapes.ANY, codes.size(1));
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor dense = comparable(rows.detach()).contiguous();
      Tensor means = KMeans.fit(dense, size());
      codes.copy_(comparable(means));
      Search.Sums found = Search.sums(dense, Search.nearest(dense, codes), size());
      // A code that no row chose still starts with the weight of one row: sums / counts is always
      // its code.
      counts.copy_(found.counts().clamp_min(new Scalar(1)));
      sums.copy_(codes.mul(counts.unsqueeze(1)));
      unused.zero_();
      ready.fill_(new Scalar(1));
    }
  }

  /**
   * One EMA step towards the rows of each code, then the restart of dead codes; put off while
   * {@link LearnLater} is open.
   *
   * @param rows (n, width) dense
   * @param index (n) what {@link #assign} said of them
   */
  public void learn(Tensor rows, Tensor index) {
    if (!LearnLater.keep(this, rows, index)) {
      learnNow(rows, index);
    }
  }

  void learnNow(Tensor rows, Tensor index) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor dense = comparable(rows.detach()).contiguous();
      Search.Sums batch = Search.sums(dense, index, size());
      Scalar decay = new Scalar(learning.decay());
      Scalar rest = new Scalar(1 - learning.decay());
      counts.mul_(decay).add_(batch.counts(), rest);
      sums.mul_(decay).add_(batch.sums(), rest);
      codes.copy_(comparable(sums.div(counts.unsqueeze(1).clamp_min(new Scalar(1e-12)))));
      unused.add_(new Scalar(1)).mul_(batch.counts().eq(new Scalar(0)));
      if (learning.deadAfter() > 0) {
        restartDead(dense);
      }
    }
  }

  /** Writes a random row over each dead code, into its averages too, or they would pull it back. */
  private void restartDead(Tensor rows) {
    Tensor dead = unused.ge(new Scalar(learning.deadAfter())).nonzero().reshape(-1);
    long count = dead.numel();
    if (count == 0 || rows.size(0) == 0) {
      return;
    }
    Tensor pick = torch.randint(rows.size(0), new long[] {count}, Tensors.options(ScalarType.Long));
    Tensor fresh = rows.index_select(0, Devices.like(pick, rows));
    codes.index_copy_(0, dead, fresh);
    sums.index_copy_(0, dead, fresh);
    counts.index_fill_(0, dead, new Scalar(1));
    unused.index_fill_(0, dead, new Scalar(0));
  }

  private Tensor comparable(Tensor rows) {
    return learning.cosine() ? torch.normalize(rows) : rows;
  }
}
