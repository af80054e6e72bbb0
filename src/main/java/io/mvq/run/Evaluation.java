package io.mvq.run;

import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.data.ImageSource;
import io.mvq.kernel.MaskBits;
import io.mvq.prior.Sampling;
import io.mvq.prior.TokenPrior;
import io.mvq.quantize.CodebookUsage;
import io.mvq.quantize.Encoding;
import io.mvq.tensor.Tensors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * What a model is worth, with the three numbers that belong side by side: reconstruction with the
 * winner's mask, which costs bits, with a random mask, which costs none, and generation from the
 * prior. All three are of equally many images, held against real ones of the training set; the
 * reconstructions of held-out images stand beside them.
 *
 * @param winner reconstructions of training images with the winners' masks
 * @param randomMask the same with random masks; equal to winner for a model without masks
 * @param samples images from the prior; null without a prior
 * @param heldOutWinner reconstructions of the held-out images, against those
 * @param heldOutRandomMask the same with random masks
 * @param usage of each token's codebook on the training images
 */
public record Evaluation(
    Reconstruction winner,
    Reconstruction randomMask,
    Generation samples,
    Reconstruction heldOutWinner,
    Reconstruction heldOutRandomMask,
    List<CodebookUsage> usage) {
  /**
   * Measures.
   *
   * @param sampler of new images; null without a prior
   * @param train features of training images
   * @param heldOut features of held-out images
   * @param tokens of all training images, for the codebooks' usage
   * @param seed of random masks and samples
   */
  public static Evaluation of(
      TokenAutoencoder model,
      Generation.Sampler sampler,
      RealFeatures train,
      RealFeatures heldOut,
      Tokenized tokens,
      long seed) {
    Reconstruction.Pair training = Reconstruction.of(model, train, false, seed);
    Reconstruction.Pair unseen = Reconstruction.of(model, heldOut, true, seed);
    List<CodebookUsage> usage = new ArrayList<>();
    for (int t = 0; t < tokens.width(); t++) {
      usage.add(CodebookUsage.of(tokens.column(t), model.codes()[t]));
    }
    return new Evaluation(
        training.winner(),
        training.randomMask(),
        sampler == null ? null : Generation.of(sampler, train, seed),
        unseen.winner(),
        unseen.randomMask(),
        usage);
  }

  /** Decoded on the model's device, for a feature network on the CPU. */
  static Tensor decode(TokenAutoencoder model, Tensor tokens, MaskBits masks) {
    return model.decode(tokens, masks).cpu();
  }

  /** New images from a prior. @param choice of their masks */
  public static Generation.Sampler sampler(
      TokenAutoencoder model, TokenPrior prior, MaskChoice choice) {
    return (n, seed) -> {
      Tensor tokens = prior.sample(n, null, Sampling.PLAIN, seed);
      return decode(model, tokens, choice.masks(tokens, seed));
    };
  }

  /** Mean perplexity over the tokens' codebooks. */
  public double perplexity() {
    return usage.stream().mapToDouble(CodebookUsage::perplexity).average().orElse(0);
  }

  /**
   * The winner's mask and plain reconstruction of some images, for a picture: rows of images,
   * winner, random mask.
   */
  public static Tensor gallery(TokenAutoencoder model, Tensor pixels, long seed) {
    Encoding encoding = model.encode(pixels);
    TensorVector rows =
        new TensorVector(pixels, decode(model, encoding.tokens(), encoding.masks()));
    if (model.winners() > 0) {
      rows.push_back(decode(model, encoding.tokens(), model.randomMasks(pixels.size(0), seed)));
    }
    return torch.cat(rows, 0);
  }

  /** The first n images of a set. */
  public static Tensor first(ImageSource images, int n) throws IOException {
    int count = Math.min(n, images.size());
    float[] pixels = new float[count * images.imageBytes()];
    byte[] bytes = new byte[images.imageBytes()];
    for (int i = 0; i < count; i++) {
      // Spread over the set, which is often sorted by kind.
      images.read((int) ((long) i * images.size() / count), bytes);
      for (int j = 0; j < bytes.length; j++) {
        pixels[i * bytes.length + j] = (bytes[j] & 255) / 127.5f - 1;
      }
    }
    return Tensors.of(pixels, count, images.channels(), images.side(), images.side());
  }
}
