package io.mvq.quantize;

import io.mvq.tensor.Shapes;
import java.util.Arrays;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Plain vector quantization (arXiv 1711.00937, section 3): each vector becomes its nearest code,
 * gradients pass straight through, the codebook learns by EMA. It learns only in training mode; in
 * evaluation it is frozen.
 */
public final class VectorQuantizer extends Module {
  private final Codebook codebook;
  private final long width;
  private final boolean cosine;
  private final LinearImpl down;
  private final LinearImpl up;

  /**
   * A quantizer of vectors.
   *
   * @param codes K
   * @param width floats a vector: D of base tokens, C of secondary ones
   * @param searchWidth floats a code is searched in: vectors are projected to it and back (arXiv
   *     2110.04627, section 3.2); 0 for {@code width}
   */
  public VectorQuantizer(long codes, long width, long searchWidth, Codebook.Learning learning) {
    super("VectorQuantizer");
    if (searchWidth < 0) {
      throw new IllegalArgumentException("searchWidth must be at least 0, got " + searchWidth);
    }
    boolean projected = searchWidth > 0 && searchWidth != width;
    this.width = width;
    cosine = learning.cosine();
    codebook =
        register_module("codebook", new Codebook(codes, projected ? searchWidth : width, learning));
    down = projected ? register_module("down", new LinearImpl(width, searchWidth)) : null;
    up = projected ? register_module("up", new LinearImpl(searchWidth, width)) : null;
  }

  /** The codebook. */
  public Codebook codebook() {
    return codebook;
  }

  /** Floats a vector. */
  public long width() {
    return width;
  }

  /** Quantizes. @param vectors float32 (..., width) */
  public Quantized forward(Tensor vectors) {
    Tensor rows = rows(vectors);
    Tensor flat = rows.detach().contiguous();
    if (is_training() && !codebook.isReady()) {
      codebook.initialize(flat);
    }
    Tensor index = codebook.assign(flat);
    // The codes that were compared: learning below moves the codebook for the next step, not this
    // one.
    Tensor chosen = codebook.lookup(index.clamp_min(new Scalar(0)));
    if (is_training()) {
      codebook.learn(flat, index);
    }
    Tensor commitment = torch.mse_loss(rows, chosen);
    Tensor through = rows.add(chosen.sub(rows).detach());
    long[] shape = Shapes.of(vectors);
    return new Quantized(
        expand(through).reshape(shape),
        index.reshape(Arrays.copyOf(shape, shape.length - 1)),
        commitment);
  }

  /**
   * The index of each vector's code; learns nothing in any mode.
   *
   * @param vectors float32 (..., width)
   * @return int64, the vectors' shape less its last dimension
   */
  public Tensor assign(Tensor vectors) {
    long[] shape = Shapes.of(vectors, "vectors");
    return codebook
        .assign(rows(vectors).detach().contiguous())
        .reshape(Arrays.copyOf(shape, shape.length - 1));
  }

  /**
   * The vectors of the given indices. @param index int64, any shape. @return index's shape with
   * width appended
   */
  public Tensor lookup(Tensor index) {
    return expand(codebook.lookup(index));
  }

  /** Sets the codes by k-means on these vectors. @param vectors (..., width) */
  public void initialize(Tensor vectors) {
    codebook.initialize(rows(vectors).detach().contiguous());
  }

  private Tensor rows(Tensor vectors) {
    long[] shape = Shapes.of(vectors, "vectors");
    Tensor flat = vectors.reshape(-1, shape[shape.length - 1]);
    Tensor rows = down == null ? flat : down.forward(flat);
    return cosine ? torch.normalize(rows) : rows;
  }

  private Tensor expand(Tensor codes) {
    return up == null ? codes : up.forward(codes);
  }
}
