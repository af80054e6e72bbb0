package io.mvq.quantize;

import io.mvq.kernel.MaskBits;
import org.bytedeco.pytorch.Tensor;

/**
 * Images as data.
 *
 * @param tokens (n, t) int64
 * @param masks the winners' masks, so many an image as the model has winners; none for a model
 *     without masks
 */
public record Encoding(Tensor tokens, MaskBits masks) {
  /** Without masks. */
  public Encoding(Tensor tokens) {
    this(tokens, MaskBits.none());
  }
}
