package io.mvq.hypothesis;

import io.mvq.kernel.Dropout;
import io.mvq.kernel.DropoutMasks;
import io.mvq.kernel.MaskBits;
import io.mvq.kernel.Where;
import io.mvq.tensor.Tensors;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Which masks of C bits are tried as hypotheses.
 *
 * @param kind how they come about
 * @param share of the gates that a training step tries for an instance, above 0 to 1; for {@link
 *     Kind#GATES} alone
 */
public record MaskSet(Kind kind, double share) {
  /** The C up to which all masks can be tried. */
  public static final long MOST_MASK_WIDTH = 12;

  /** How masks come about. */
  public enum Kind {
    /** H Bernoulli masks (arXiv 2301.06626). */
    DRAWN,
    /**
     * The 2^C - 1 masks that are not empty, of which training draws a share without replacement and
     * encoding tries all (arXiv 2312.11735).
     */
    GATES,
    /** All 2^C masks, always: the exact best. */
    ALL
  }

  /** The first paper's. */
  public static final MaskSet DRAWN = new MaskSet(Kind.DRAWN, 1);

  public MaskSet {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share must be above 0 and at most 1, got " + share);
    }
  }

  /** Whether the masks are a list, word {@link #first} to 2^C - 1, and not drawn by the kernel. */
  public boolean listed() {
    return kind != Kind.DRAWN;
  }

  /** The word of the first listed mask: the empty mask is no gate. */
  long first() {
    return kind == Kind.GATES ? 1 : 0;
  }

  /** How many masks are listed. */
  long size(long maskWidth) {
    return (1L << maskWidth) - first();
  }

  /** Throws unless masks of so many bits can be listed. */
  void check(long maskWidth) {
    if (listed() && maskWidth > MOST_MASK_WIDTH) {
      throw new IllegalArgumentException(
          "maskWidth must be at most " + MOST_MASK_WIDTH + " to try all masks, got " + maskWidth);
    }
  }

  /** Masks that a training step tries of those listed. */
  long tried(long maskWidth) {
    return kind == Kind.ALL ? size(maskWidth) : Math.max(1, Math.round(share * size(maskWidth)));
  }

  /**
   * The words of listed masks to try, int64 (n, tried): without replacement, drawn on the CPU from
   * LibTorch's generator, so that a resumed run repeats.
   *
   * @param all whether to try all instead of the share
   */
  Tensor words(long n, long maskWidth, boolean all) {
    long size = size(maskWidth);
    long tried = all ? size : tried(maskWidth);
    Tensor index =
        tried == size
            ? torch.arange(new Scalar(size), Tensors.options(ScalarType.Long)).expand(n, size)
            : torch.argsort(torch.rand(n, size), 1, false).narrow(1, 0, tried);
    return index.add(new Scalar(first())).contiguous();
  }

  /**
   * Several masks for each place, drawn as {@link #random} draws one, but counter-based: place i's
   * are those of row {@code dropout.firstRow() + i} of the stream, on every device and in every
   * batch.
   *
   * @param draws masks a place; mask {@code i * draws + j} is draw j of place i
   */
  MaskBits draws(long places, long draws, long channels, Dropout dropout) {
    if (!listed()) {
      return DropoutMasks.draw(places, draws, channels, dropout, Where.CPU);
    }
    Dropout even = new Dropout(dropout.seed(), dropout.firstRow(), 0.5);
    MaskBits bits = DropoutMasks.draw(places, draws, Long.SIZE, even, Where.CPU);
    MaskBits masks = MaskBits.allocate(places * draws, channels);
    for (long i = 0; i < masks.count(); i++) {
      long word = Long.remainderUnsigned(bits.words().get(i), size(channels));
      masks.words().put(i, first() + word);
    }
    return masks;
  }

  /** One mask drawn uniformly (from {@link Kind#DRAWN}: by its bits' chance) for each place. */
  MaskBits random(long places, long maskWidth, double keep, long seed) {
    if (!listed()) {
      return DropoutMasks.draw(places, 1, maskWidth, new Dropout(seed, 0, keep), Where.CPU);
    }
    SplittableRandom random = new SplittableRandom(seed);
    MaskBits masks = MaskBits.allocate(places, maskWidth);
    for (long i = 0; i < places; i++) {
      masks.words().put(i, first() + random.nextLong(size(maskWidth)));
    }
    return masks;
  }
}
