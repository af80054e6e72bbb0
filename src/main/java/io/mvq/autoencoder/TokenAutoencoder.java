package io.mvq.autoencoder;

import io.mvq.kernel.MaskBits;
import io.mvq.quantize.Bottleneck;
import io.mvq.quantize.Encoding;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** A model that turns images into a few tokens (and, with MVQ, a mask) and back. */
public abstract class TokenAutoencoder extends Autoencoder {
  TokenAutoencoder(String name) {
    super(name);
  }

  /**
   * The draws of a pass: images of drawn masks where the bottleneck has masks, else the
   * reconstructions. Decoded draw by draw, whose smaller maps stay in the caches.
   *
   * @param masked the bottleneck's part of the pass
   * @param decode vectors of a draw, (n', f), to images
   */
  final Tensor drawn(
      Bottleneck.Result masked, Tensor decoded, Draws draws, UnaryOperator<Tensor> decode) {
    if (draws == null || masked.redraw() == null) {
      return reconstructed(decoded, draws);
    }
    long rows = draws.rows(decoded);
    Tensor vectors =
        exactly(() -> masked.redraw().vectors(rows, draws.each(), draws.seed(), draws.first()));
    TensorVector images = new TensorVector();
    for (int draw = 0; draw < draws.each(); draw++) {
      images.push_back(decode.apply(vectors.narrow(0, draw * rows, rows)));
    }
    return torch.cat(images, 0);
  }

  /** Images of any device to tokens and winners' masks; no graph. */
  public abstract Encoding encode(Tensor images);

  /**
   * Tokens and masks to images, (n, c, side, side), clamped to -1..1, on this model's device; no
   * graph. A model without masks ignores them.
   */
  public final Tensor decode(Tensor tokens, MaskBits masks) {
    return decodeVectors(vectors(tokens, masks));
  }

  /**
   * The vectors that tokens and masks stand for, (n, f), all that the decoder is given: what can be
   * blended and measured; no graph.
   */
  public abstract Tensor vectors(Tensor tokens, MaskBits masks);

  /** Images of any vectors of that width, clamped to -1..1; no graph. */
  public abstract Tensor decodeVectors(Tensor vectors);

  /** One random mask for each winner of n images; none for a model without masks. */
  public abstract MaskBits randomMasks(long n, long seed);

  /**
   * One mask for each winner of these tokens, drawn as likely as they make it where the model
   * learns that; else as {@link #randomMasks}. What sampling from a prior uses.
   */
  public MaskBits drawMasks(Tensor tokens, long seed) {
    return randomMasks(tokens.size(0), seed);
  }

  /** Masks an image: 1, or one for each base token; 0 for a model without masks. */
  public abstract long winners();

  /** C, bits a mask; 0 for a model without masks. */
  public final long maskWidth() {
    return winners() == 0 ? 0 : randomMasks(1, 1).bits();
  }

  /** Codes to choose from at each token. */
  public abstract int[] codes();

  /** The codebook that each token chooses from, numbered from 0 in the order of the tokens. */
  public abstract int[] codebooks();

  /**
   * Bits that name a winner's mask among the hypotheses, for all winners of an image; 0 without
   * masks.
   */
  public abstract double maskBits();

  /** Bits that an image's tokens take, masks not counted. */
  public final double tokenBits() {
    double bits = 0;
    for (int k : codes()) {
      bits += Math.log(k) / Math.log(2);
    }
    return bits;
  }
}
