package io.mvq.autoencoder;

import io.mvq.kernel.MaskBits;
import io.mvq.quantize.Encoding;
import io.mvq.tensor.Devices;
import java.util.Map;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/** A model that turns images into a few tokens (and, with MVQ, a mask) and back. */
public abstract class TokenAutoencoder extends Module {
  /**
   * A training pass.
   *
   * @param images the reconstruction, with a graph
   * @param losses named scalars with a graph, already weighted: their sum is to be minimised
   */
  public record Outcome(Tensor images, Map<String, Tensor> losses) {}

  TokenAutoencoder(String name) {
    super(name);
  }

  /**
   * Reconstructs with losses; learns the codebooks in training mode.
   *
   * @param images (n, c, side, side) in -1..1
   * @param progress share of the training that is done, 0..1: what schedules go by
   */
  public abstract Outcome forward(Tensor images, double progress);

  /** Sets the codebooks by k-means on what these images encode to. */
  public abstract void initialize(Tensor images);

  /** Images of any device to tokens and winners' masks; no graph. */
  public abstract Encoding encode(Tensor images);

  /**
   * Tokens and masks to images, (n, c, side, side), clamped to -1..1, on this model's device; no
   * graph.
   */
  public abstract Tensor decode(Tensor tokens, MaskBits masks);

  /** One random mask for each winner of n images; null for a model without masks. */
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

  /** Codes to choose from at each token. */
  public abstract int[] codes();

  /** Images or tokens on this model's device. */
  final Tensor here(Tensor tensor) {
    return Devices.to(tensor, Devices.of(this));
  }

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
