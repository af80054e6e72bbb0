package io.mvq.run;

import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.kernel.MaskBits;
import io.mvq.quantize.Encoding;
import io.mvq.tensor.Views;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * What becomes of two images when their codes and masks are blended (arXiv 2301.06626, abstract:
 * small latents whose features combine smoothly). Every image here is (1, c, side, side).
 */
public final class Combination {
  private final TokenAutoencoder model;
  private final Encoding first;
  private final Encoding second;

  /** Encodes both. @param model with masks @param first (1, c, side, side) in -1..1 */
  public Combination(TokenAutoencoder model, Tensor first, Tensor second) {
    this(masked(model), model.encode(first), model.encode(second));
  }

  private Combination(TokenAutoencoder model, Encoding first, Encoding second) {
    this.model = model;
    this.first = first;
    this.second = second;
  }

  /** Of any model, for what needs no masks: reconstructions and the ways between them. */
  public static Combination ofAny(TokenAutoencoder model, Tensor first, Tensor second) {
    return new Combination(model, model.encode(first), model.encode(second));
  }

  private static TokenAutoencoder masked(TokenAutoencoder model) {
    if (model.winners() == 0) {
      throw new IllegalArgumentException(
          "masks are combined, and this run's model has none; train one with --system mvq");
    }
    return model;
  }

  /** Reconstruction of the first image with its winner's mask. */
  public Tensor first() {
    return model.decode(first.tokens(), first.masks());
  }

  /** Reconstruction of the second. */
  public Tensor second() {
    return model.decode(second.tokens(), second.masks());
  }

  /** The second image's codes under the first one's mask. */
  public Tensor transferred() {
    return model.decode(second.tokens(), first.masks());
  }

  /** The first image's codes with every bit that either mask keeps. */
  public Tensor union() {
    return model.decode(first.tokens(), bits(true));
  }

  /** The first image's codes with the bits that both masks keep. */
  public Tensor intersection() {
    return model.decode(first.tokens(), bits(false));
  }

  /** From the first to the second by the vectors that codes and residuals add up to. */
  public List<Tensor> interpolated(int steps) {
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor from = model.vectors(first.tokens(), first.masks());
      Tensor to = model.vectors(second.tokens(), second.masks());
      List<Tensor> path = new ArrayList<>();
      for (int i = 0; i < steps; i++) {
        path.add(between(model, from, to, share(i, steps)));
      }
      return path;
    }
  }

  /**
   * The images of vectors that lie between others; no graph.
   *
   * @param from (n, f), as {@link TokenAutoencoder#vectors} gives them, like {@code to}
   * @param share of the second, 0..1
   */
  static Tensor between(TokenAutoencoder model, Tensor from, Tensor to, double share) {
    return model.decodeVectors(blend(from, to, share));
  }

  /** From the first to the second by blending pixels. */
  public List<Tensor> blended(int steps) {
    Tensor from = first();
    Tensor to = second();
    List<Tensor> path = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      path.add(blend(from, to, share(i, steps)));
    }
    return path;
  }

  /** From the first to the second by swapping one token after another, masks with the last. */
  public List<Tensor> swapped(int steps) {
    long tokens = first.tokens().size(1);
    List<Tensor> path = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      long taken = Math.round(share(i, steps) * tokens);
      Tensor mixed =
          torch.cat(
              new TensorVector(
                  second.tokens().narrow(1, 0, taken),
                  first.tokens().narrow(1, taken, tokens - taken)),
              1);
      path.add(model.decode(mixed, taken == tokens ? second.masks() : first.masks()));
    }
    return path;
  }

  private MaskBits bits(boolean either) {
    Tensor a = Views.unpack(first.masks());
    Tensor b = Views.unpack(second.masks());
    return Views.pack(either ? torch.maximum(a, b) : torch.minimum(a, b), "masks");
  }

  private static double share(int step, int steps) {
    return step / (steps - 1.0);
  }

  private static Tensor blend(Tensor from, Tensor to, double share) {
    return from.mul(new Scalar(1 - share)).add(to.mul(new Scalar(share)));
  }
}
