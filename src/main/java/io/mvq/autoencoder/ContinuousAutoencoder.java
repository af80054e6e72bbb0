package io.mvq.autoencoder;

import io.mvq.tensor.Shapes;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * An autoencoder without quantization, for priors over real numbers such as latent diffusion (arXiv
 * 2112.10752): t latents of d floats, each of mean 0 and variance 1 over its d. Noise while
 * training keeps a latent's neighbours decodable.
 */
public final class ContinuousAutoencoder extends Autoencoder {
  private final Encoder encoder;
  private final Decoder decoder;
  private final long latents;
  private final long width;
  private final double noise;

  /**
   * The model.
   *
   * @param convolutions base width of the convolutions
   * @param grid side of the map whose positions are the latents; 0 for latents of the whole image
   * @param latents t; grid * grid for a grid
   * @param width d, at least 2
   * @param noise standard deviation of what is added to each float of a latent while training
   */
  public ContinuousAutoencoder(
      ImageShape shape, int convolutions, int grid, int latents, int width, double noise) {
    super("ContinuousAutoencoder");
    if (grid > 0 && latents != grid * grid) {
      throw new IllegalArgumentException(
          "latents must be " + grid * grid + " for a grid of side " + grid + ", got " + latents);
    }
    if (latents < 1) {
      throw new IllegalArgumentException("latents must be at least 1, got " + latents);
    }
    if (width < 2) {
      throw new IllegalArgumentException(
          "width must be at least 2, since one float of variance 1 says nothing, got " + width);
    }
    if (!(noise >= 0)) {
      throw new IllegalArgumentException("noise must be at least 0, got " + noise);
    }
    this.latents = latents;
    this.width = width;
    this.noise = noise;
    long floats = (long) latents * width;
    encoder = register_module("encoder", new Encoder(shape, convolutions, grid, floats));
    decoder = register_module("decoder", new Decoder(shape, convolutions, grid, floats));
  }

  @Override
  public Outcome forward(Tensor images, double progress, Draws draws) {
    Tensor pixels = here(images);
    Tensor z = normal(encoder.forward(pixels).reshape(-1, latents, width));
    if (is_training() && noise > 0) {
      z = z.add(torch.randn_like(z).mul(new Scalar(noise)));
    }
    Tensor decoded = decoder.forward(normal(z).flatten(1, 2));
    return new Outcome(
        decoded,
        Map.of("reconstruction", torch.mse_loss(decoded, pixels)),
        reconstructed(decoded, draws));
  }

  /** There is nothing to set. */
  @Override
  public void initialize(Tensor images) {}

  /** Images of any device to latents (n, t, d), each of mean 0 and variance 1; no graph. */
  public Tensor encode(Tensor images) {
    try (NoGradGuard guard = new NoGradGuard()) {
      return normal(encoder.forward(here(images)).reshape(-1, latents, width));
    }
  }

  /**
   * Latents (n, t, d) of any device to images, (n, c, side, side), clamped to -1..1; no graph.
   * Latents of another mean and variance, as a sampler makes them, are normalised first.
   */
  public Tensor decode(Tensor z) {
    Shapes.require(z, "latents", Shapes.ANY, latents, width);
    try (NoGradGuard guard = new NoGradGuard()) {
      return Tokens.clamped(decoder.forward(normal(here(z)).flatten(1, 2)));
    }
  }

  /** t, latents an image. */
  public long latents() {
    return latents;
  }

  /** d, floats a latent. */
  public long width() {
    return width;
  }

  @Override
  Tensor lastLayer() {
    return decoder.lastLayer();
  }

  private Tensor normal(Tensor z) {
    return torch.layer_norm(z, width);
  }
}
