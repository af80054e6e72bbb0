package io.mvq.run;

import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.data.ImageSource;
import io.mvq.kernel.MaskBits;
import io.mvq.prior.Sampling;
import io.mvq.prior.TokenPrior;
import io.mvq.quantize.CodebookUsage;
import io.mvq.quantize.Encoding;
import io.mvq.recipe.Recipe;
import io.mvq.tensor.Tensors;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;

/**
 * A model of tokens (and masks).
 *
 * @param prior over the tokens; null if none is trained yet
 * @param masks where those of new images come from
 */
public record TokenModel(
    Recipe recipe, TokenAutoencoder autoencoder, TokenPrior prior, MaskChoice masks)
    implements TrainedModel {
  /** Without a prior. */
  public TokenModel(Recipe recipe, TokenAutoencoder autoencoder) {
    this(recipe, autoencoder, null, autoencoder::drawMasks);
  }

  @Override
  public boolean hasPrior() {
    return prior != null;
  }

  @Override
  public Tensor sample(int n, int label, Sampling sampling, long seed) {
    Encoding codes = sampleCodes(n, label, sampling, seed);
    return decode(codes.tokens(), codes.masks());
  }

  /** The tokens and masks of {@link #sample}. */
  Encoding sampleCodes(int n, int label, Sampling sampling, long seed) {
    if (prior == null) {
      throw new IllegalArgumentException("this run has no trained prior; train it to its end");
    }
    if (label >= 0 && !recipe.prior().conditional()) {
      throw new IllegalArgumentException(
          "--class needs a prior that knows classes; train with --prior-conditional true");
    }
    if (label < 0 && sampling.guidance() != 1) {
      throw new IllegalArgumentException(
          recipe.prior().conditional()
              ? "--guidance follows a class: name one with --class"
              : "--guidance needs a prior that knows classes; train with --prior-conditional true");
    }
    Tensor tokens = prior.sample(n, labels(n, label, seed), sampling, seed);
    return new Encoding(tokens, masks.masks(tokens, seed));
  }

  /** Without a class none, or, of a prior that never learned that, those of classes at random. */
  private Tensor labels(int n, int label, long seed) {
    if (label >= 0) {
      return Tensors.of(LongStream.generate(() -> label).limit(n).toArray(), n);
    }
    boolean always = recipe.prior().conditional() && recipe.prior().classDropout() == 0;
    return always ? Tensors.of(new Random(seed).longs(n, 0, prior.classes()).toArray(), n) : null;
  }

  /** Decoded on the model's device, for a feature network on the CPU. */
  private Tensor decode(Tensor tokens, MaskBits chosen) {
    return autoencoder.decode(tokens, chosen).cpu();
  }

  @Override
  public Reconstructor reconstructor() {
    boolean masked = autoencoder.winners() > 0;
    return new Reconstructor() {
      @Override
      public Both of(Tensor pixels, long seed) {
        Encoding encoding = autoencoder.encode(pixels);
        Tensor winner = decode(encoding.tokens(), encoding.masks());
        return new Both(
            winner,
            masked
                ? decode(encoding.tokens(), autoencoder.randomMasks(pixels.size(0), seed))
                : winner);
      }

      @Override
      public boolean masked() {
        return masked;
      }
    };
  }

  @Override
  public List<CodebookUsage> usage(ImageSource images) {
    return Tokenized.of(autoencoder, images).usage(autoencoder.codes());
  }

  @Override
  public Size size() {
    return new Size(
        autoencoder.codes().length,
        recipe.tokens().codes(),
        autoencoder.tokenBits(),
        autoencoder.maskBits());
  }
}
