package io.mvq.kernel;

import static io.mvq.kernel.binding.MvqNative.mvq_dropout_masks;

import io.mvq.kernel.binding.mvq_dropout_masks_args;
import io.mvq.kernel.binding.mvq_where;

/**
 * The Bernoulli masks of MH-Dropout: h masks of c bits for each of n rows, the same bits on every
 * device.
 */
public final class DropoutMasks {
  private static final ThreadLocal<mvq_dropout_masks_args> ARGS =
      Native.perThread(mvq_dropout_masks_args::new);

  private DropoutMasks() {}

  /** Draws n * h masks of c bits; mask {@code i * h + j} is hypothesis j of row i. */
  public static MaskBits draw(long n, long h, long c, Dropout dropout, Where where) {
    Native.requireHostResults(where);
    Checks.given(dropout, "dropout");
    MaskBits masks = MaskBits.allocate(Checks.product(n, h, "n * h"), c);
    draw(n, h, dropout, where, masks);
    return masks;
  }

  /** As {@link #draw(long, long, long, Dropout, Where)}, into the caller's n * h masks. */
  public static void draw(long n, long h, Dropout dropout, Where where, MaskBits into) {
    Checks.given(dropout, "dropout");
    long masks = Checks.product(n, h, "n * h");
    if (Checks.given(into, "into").count() != masks) {
      throw new IllegalArgumentException(
          "masks must be n * h (" + masks + "), got " + into.count());
    }
    if (Native.isPlain(where)) {
      PlainDropoutMasks.draw(n, h, dropout, into);
      return;
    }
    mvq_where place = Native.where(where);
    mvq_dropout_masks_args args = ARGS.get();
    try (Operands operands = new Operands()) {
      args.n(n).h(h).c(into.bits()).masks(operands.of(into, "masks"));
      dropout.fill(args.dropout());
      Native.check(mvq_dropout_masks(args, place));
      Native.keep(into);
    }
  }
}
