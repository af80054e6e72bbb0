package io.mvq.run;

import io.mvq.prior.Sampling;
import io.mvq.quantize.Encoding;
import io.mvq.recipe.Data;
import io.mvq.tensor.Parameters;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.io.IOException;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Images to codes and back on LibTorch's tensors: what {@code mvq encode}, {@code mvq decode} and
 * {@link io.mvq.Tokenizer} have in common. Threads may share one. Tensors belong to the caller, as
 * everywhere in LibTorch's Java: call within a PointerScope.
 *
 * @param model whose codes they are
 * @param identity of its autoencoder
 */
public record Codec(TokenModel model, Identity identity) {
  /** Of a trained run with tokens. */
  public static Codec of(Run run, Device device) throws IOException {
    return new Codec(run.tokens(device), Identity.of(run));
  }

  /**
   * Encodes images. A code depends neither on its image's neighbours nor on its place among them,
   * but for rounding: a batch's convolutions may round otherwise than those of one image, which can
   * turn a near tie.
   *
   * @param images (n, c, side, side) in -1..1, n at least 1, of any device
   * @return codes on the CPU that say nothing about the images
   */
  public Codes encode(Tensor images) {
    Data data = model.recipe().data();
    Shapes.require(images, "images", Shapes.ANY, data.channels(), data.side(), data.side());
    Tensor pixels = images.to(ScalarType.Float);
    requireRange(pixels);
    return codes(model.autoencoder().encode(pixels));
  }

  private static void requireRange(Tensor images) {
    if (images.size(0) < 1) {
      throw new IllegalArgumentException("images must be at least 1, got 0");
    }
    double least = images.min().item_double();
    double greatest = images.max().item_double();
    if (!(least >= -1 && greatest <= 1)) { // NaN too
      throw new IllegalArgumentException("images must be in -1..1, got " + least + ".." + greatest);
    }
  }

  /**
   * Images of codes, each decoded by itself: (n, c, side, side) in -1..1, on the CPU.
   *
   * @throws IllegalArgumentException if they are of another form than this model's
   */
  public Tensor decode(Codes codes) {
    requireFit(codes);
    TensorVector images = new TensorVector();
    for (long i = 0; i < codes.tokens().size(0); i++) {
      Codes one = codes.row(i);
      images.push_back(model.autoencoder().decode(one.tokens(), one.maskBits()).cpu());
    }
    return torch.cat(images, 0);
  }

  /**
   * The image on the way from one code to another, by the vectors that the decoder is given, (1, c,
   * side, side) on the CPU.
   *
   * @param from one code, like {@code to}
   * @param share of the way, 0..1
   */
  public Tensor blend(Codes from, Codes to, double share) {
    return Combination.between(model.autoencoder(), vectors(from), vectors(to), share).cpu();
  }

  /** The same with a share for each part, (1, c, side, side) on the CPU. */
  public Tensor blend(Codes from, Codes to, Shares shares) {
    requireFit(from);
    requireFit(to);
    return model.autoencoder().decodeVectors(shares.vectors(model, from, to)).cpu();
  }

  /**
   * Codes of new images, with the masks that sampling draws, on the CPU.
   *
   * @param label index of a class, or -1 for any
   */
  public Codes sample(int n, int label, Sampling sampling, long seed) {
    return codes(model.sampleCodes(n, label, sampling, seed));
  }

  /** The same tokens with other masks, as sampling draws them; on the CPU. */
  public Codes redraw(Codes codes, long seed) {
    codes.requireTokensOf(model.autoencoder(), "codes");
    return codes(new Encoding(codes.tokens(), model.masks().masks(codes.tokens(), seed)));
  }

  private Codes codes(Encoding encoding) {
    Codes codes = Codes.of(encoding, model.autoencoder().winners(), CodesAbout.NOTHING);
    return new Codes(codes.tokens().cpu(), codes.masks().cpu(), CodesAbout.NOTHING);
  }

  /** The vector that the decoder is given of one code. */
  public float[] vector(Codes codes) {
    return Tensors.floats(vectors(codes));
  }

  /** The Euclidean distance between the vectors that the decoder is given of two codes. */
  public double distance(Codes one, Codes other) {
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor apart = vectors(one).sub(vectors(other)).to(ScalarType.Double);
      return Math.sqrt(apart.square().sum().item_double());
    }
  }

  private Tensor vectors(Codes codes) {
    requireFit(codes);
    return model.autoencoder().vectors(codes.tokens(), codes.maskBits());
  }

  private void requireFit(Codes codes) {
    codes.requireTokensOf(model.autoencoder(), "codes");
    codes.requireMasksOf(model.autoencoder(), "codes");
  }

  /** Gives the weights' memory back at once; the models are of no use any more. */
  public void free() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Parameters.all(model.autoencoder()).values().forEach(Codec::free);
      if (model.hasPrior()) {
        Parameters.all(model.prior()).values().forEach(Codec::free);
      }
    }
  }

  private static void free(Tensor weights) {
    weights.set_data(torch.empty(0));
  }
}
