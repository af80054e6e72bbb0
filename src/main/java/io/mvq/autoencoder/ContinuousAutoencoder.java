package io.mvq.autoencoder;

import io.mvq.tensor.Shapes;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * An autoencoder without quantization, for priors over real numbers such as latent diffusion (arXiv
 * 2112.10752): t latents of D floats, each of mean 0 and variance 1 over its D. Noise while
 * training keeps a latent's neighbours decodable.
 */
public final class ContinuousAutoencoder extends Autoencoder {
  private final Encoder encoder;
  private final Decoder decoder;
  private final long latents;
  private final long codeWidth;
  private final double noise;

  /**
   * The model.
   *
   * @param convolutions base codeWidth of the convolutions
   * @param grid side of the map whose positions are the latents; 0 for latents of the whole image
   * @param latents t; grid * grid for a grid
   * @param codeWidth D, floats a latent, at least 2
   * @param noise standard deviation of what is added to each float of a latent while training
   */
  public ContinuousAutoencoder(
      ImageShape shape, int convolutions, int grid, int latents, int codeWidth, double noise) {
    super("ContinuousAutoencoder");
    if (grid > 0 && latents != grid * grid) {
      throw new IllegalArgumentException(
          "latents must be " + grid * grid + " for a grid of side " + grid + ", got " + latents);
    }
    if (latents < 1) {
      throw new IllegalArgumentException("latents must be at least 1, got " + latents);
    }
    if (codeWidth < 2) {
      throw new IllegalArgumentException(
          "codeWidth must be at least 2, since one float of variance 1 says nothing, got "
              + codeWidth);
    }
    if (!(noise >= 0)) {
      throw new IllegalArgumentException("noise must be at least 0, got " + noise);
    }
    this.latents = latents;
    this.codeWidth = codeWidth;
    this.noise = noise;
    long floats = (long) latents * codeWidth;
    encoder = register_module("encoder", new Encoder(shape, convolutions, grid, floats));
    decoder = register_module("decoder", new Decoder(shape, convolutions, grid, floats));
  }

  @Override
  public Outcome forward(Tensor images, double progress, Draws draws) {
    Tensor z = normal(encoder.forward(here(images)).reshape(-1, latents, codeWidth));
    if (is_training() && noise > 0) {
      z = z.add(torch.randn_like(z).mul(new Scalar(noise)));
    }
    Tensor decoded = decoder.forward(normal(z).flatten(1, 2));
    return new Outcome(decoded, Map.of(), reconstructed(decoded, draws));
  }

  /** There is nothing to set. */
  @Override
  public void initialize(Tensor images) {}

  /** Images of any device to latents (n, t, D), each of mean 0 and variance 1; no graph. */
  public Tensor encode(Tensor images) {
    try (NoGradGuard guard = new NoGradGuard()) {
      return normal(encoder.forward(here(images)).reshape(-1, latents, codeWidth));
    }
  }

  /**
   * Latents (n, t, D) of any device to images, (n, c, side, side), clamped to -1..1; no graph.
   * Latents of another mean and variance, as a sampler makes them, are normalised first.
   */
  public Tensor decode(Tensor z) {
    Shapes.require(z, "latents", Shapes.ANY, latents, codeWidth);
    try (NoGradGuard guard = new NoGradGuard()) {
      return Tokens.clamped(decoder.forward(normal(here(z)).flatten(1, 2)));
    }
  }

  /** t, latents an image. */
  public long latents() {
    return latents;
  }

  /** D, floats a latent. */
  public long codeWidth() {
    return codeWidth;
  }

  @Override
  Tensor lastLayer() {
    return decoder.lastLayer();
  }

  private Tensor normal(Tensor z) {
    return torch.layer_norm(z, codeWidth);
  }
}
