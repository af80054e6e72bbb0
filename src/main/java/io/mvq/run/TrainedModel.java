package io.mvq.run;

import io.mvq.autoencoder.Autoencoder;
import io.mvq.data.ImageSource;
import io.mvq.prior.Sampling;
import io.mvq.quantize.CodebookUsage;
import io.mvq.recipe.Recipe;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/**
 * An autoencoder in use, with its prior if it has one: what can be measured and drawn of any kind.
 */
public sealed interface TrainedModel permits TokenModel, LatentModel {
  /** What it was made by. */
  Recipe recipe();

  Autoencoder autoencoder();

  /** Whether it can make new images. */
  boolean hasPrior();

  /**
   * New images, (n, c, side, side) in -1..1 on the CPU; equal seeds give equal images.
   *
   * @param label index of a class, or -1 for any
   * @throws IllegalArgumentException if the prior cannot be asked so, or there is none
   */
  Tensor sample(int n, int label, Sampling sampling, long seed);

  /** New images as the prior makes them; null without a prior. */
  default Generation.Sampler sampler() {
    return hasPrior() ? (n, seed) -> sample(n, -1, Sampling.PLAIN, seed) : null;
  }

  /** Images of any device through the model and back, on the CPU. */
  Reconstructor reconstructor();

  /** How often each code is used for these images, a codebook a token; empty without tokens. */
  List<CodebookUsage> usage(ImageSource images);

  /** What an image costs. */
  Size size();

  /**
   * What an image costs.
   *
   * @param tokens (or latents) an image
   * @param codes K; 0 without tokens
   * @param bits of tokens or latents
   * @param maskBits that name the winners' masks
   */
  record Size(int tokens, int codes, double bits, double maskBits) {}

  /** Reconstructs batches of images. */
  interface Reconstructor {
    /** The same images by the winners' masks and by random ones. */
    record Both(Tensor winner, Tensor randomMask) {}

    /** Of a model without masks both are the same tensor. @param seed of the random masks */
    Both of(Tensor pixels, long seed);

    /** Whether the two differ. */
    boolean masked();

    /** Of a model without masks. */
    static Reconstructor plain(UnaryOperator<Tensor> reconstruct) {
      return new Reconstructor() {
        @Override
        public Both of(Tensor pixels, long seed) {
          Tensor made = reconstruct.apply(pixels).cpu();
          return new Both(made, made);
        }

        @Override
        public boolean masked() {
          return false;
        }
      };
    }
  }
}
