package io.mvq.run;

import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * How much of a second code a blend has, part by part, each 0..1. What the decoder is given is a
 * sum, c1 + g(m * c2) (arXiv 2301.06626, section 3): its terms are blended as vectors, its mask bit
 * by bit.
 *
 * @param codes of the base tokens' vectors; of a model without masks, of all
 * @param masks of the bits in which the two masks differ, the lowest first, those that are the
 *     second's; no matter without masks
 * @param residuals of what the masked secondary tokens add; no matter without masks
 */
public record Shares(double codes, double masks, double residuals) {
  public Shares {
    require("codes", codes);
    require("masks", masks);
    require("residuals", residuals);
  }

  private static void require(String name, double share) {
    if (!(share >= 0 && share <= 1)) { // NaN too
      throw new IllegalArgumentException(name + " must be in 0..1, got " + share);
    }
  }

  /** The vectors of the blend of two codes, (1, f); no graph. */
  Tensor vectors(TokenModel model, Codes from, Codes to) {
    TokenAutoencoder autoencoder = model.autoencoder();
    Codes mask = masked(from, to);
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor first = autoencoder.vectors(from.tokens(), mask.maskBits());
      Tensor other = mixed(model, to.tokens(), from.tokens());
      Tensor moved = autoencoder.vectors(other, mask.maskBits()).sub(first);
      Tensor made = first.add(moved.mul(new Scalar(codes)));
      if (autoencoder.winners() == 0) {
        return made;
      }
      Tensor residual = mixed(model, from.tokens(), to.tokens());
      Tensor changed = autoencoder.vectors(residual, mask.maskBits()).sub(first);
      return made.add(changed.mul(new Scalar(residuals)));
    }
  }

  /** The plain tokens of one and the secondary, masked ones of another. */
  private static Tensor mixed(TokenModel model, Tensor plain, Tensor secondary) {
    Tensor made = plain.clone();
    if (model.autoencoder().winners() > 0) {
      long first = model.recipe().tokens().baseTokens();
      long count = model.recipe().tokens().secondaryTokens();
      made.narrow(1, first, count).copy_(secondary.narrow(1, first, count));
    }
    return made;
  }

  /** The first code with as many of the second's mask bits as {@link #masks} says. */
  Codes masked(Codes from, Codes to) {
    byte[] bits = Tensors.bytes(from.masks());
    byte[] others = Tensors.bytes(to.masks());
    int differing = 0;
    for (int i = 0; i < bits.length; i++) {
      differing += bits[i] == others[i] ? 0 : 1;
    }
    long left = Math.round(masks * differing);
    for (int i = 0; i < bits.length && left > 0; i++) {
      left -= bits[i] == others[i] ? 0 : 1;
      bits[i] = others[i];
    }
    return new Codes(from.tokens(), Tensors.of(bits, Shapes.of(from.masks())), CodesAbout.NOTHING);
  }
}
