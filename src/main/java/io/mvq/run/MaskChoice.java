package io.mvq.run;

import io.mvq.kernel.MaskBits;
import org.bytedeco.pytorch.Tensor;

/** Where the masks of new images come from. */
@FunctionalInterface
public interface MaskChoice {
  /**
   * Masks for images of these tokens, one for each winner; none for a model without masks.
   *
   * @param tokens (n, t) int64
   * @param seed equal seeds give equal masks
   */
  MaskBits masks(Tensor tokens, long seed);
}
