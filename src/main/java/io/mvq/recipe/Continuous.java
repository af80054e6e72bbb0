package io.mvq.recipe;

import io.mvq.autoencoder.Autoencoder;
import io.mvq.autoencoder.ContinuousAutoencoder;
import io.mvq.autoencoder.ImageShape;
import io.mvq.prior.TokenMap;
import io.mvq.setting.Flag;
import io.mvq.setting.Kind;
import io.mvq.setting.Limits;

/**
 * Latents that are not quantized, for latent diffusion (arXiv 2112.10752).
 *
 * @param width channels of the first convolution
 * @param grid side of the map whose positions are the latents; 0 for latents of the whole image
 * @param latents latents an image, if {@code grid} is 0
 * @param codeWidth D, floats a latent
 * @param latentNoise deviation of what is added to each float while training
 */
@Kind(value = Continuous.NAME, help = "latents that are not quantized, for diffusion")
public record Continuous(
    @Flag(name = "width", value = "32", label = "CHANNELS", help = "base width of the convolutions")
        int width,
    @Flag(
            name = "grid",
            value = "0",
            label = "SIDE",
            help =
                "tokens are the positions of a map of this side: the images' halved again and"
                    + " again, 2 to 32, in a hierarchy its lower level's and even; 0 for T1 + T2"
                    + " tokens")
        int grid,
    @Flag(name = "latents", value = "2", help = "latents an image, without a grid") int latents,
    @Flag(name = "code-width", value = "64", label = "D", help = "floats a base code or latent")
        int codeWidth,
    @Flag(
            name = "latent-noise",
            value = "0.1",
            label = "DEVIATION",
            help = "noise on the latents while training")
        double latentNoise)
    implements Architecture {
  static final String NAME = "continuous";

  public Continuous {
    Limits.atLeast("width", width, 1);
    Limits.atLeast("latents", latents, 1);
    Limits.atLeast("code-width", codeWidth, 2);
    Limits.nonNegative("latent-noise", latentNoise);
  }

  @Override
  public Autoencoder autoencoder(ImageShape shape, long seed) {
    return new ContinuousAutoencoder(
        shape, width, grid, grid > 0 ? grid * grid : latents, codeWidth, latentNoise);
  }

  @Override
  public Tokens tokens() {
    throw new IllegalArgumentException(
        "a continuous autoencoder has no tokens; this needs architecture single or hierarchy");
  }

  @Override
  public TokenMap map(int[] codes) {
    throw new IllegalArgumentException("a continuous autoencoder has no tokens to lay out");
  }

  @Override
  public int firstGrid() {
    return grid;
  }

  @Override
  public String system() {
    return NAME;
  }

  @Override
  public boolean isContinuous() {
    return true;
  }
}
