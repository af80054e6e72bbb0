package io.mvq.autoencoder;

import io.mvq.kernel.MaskBits;
import io.mvq.quantize.Bottleneck;
import io.mvq.quantize.Encoding;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** A model of one level: an encoder, a bottleneck and a decoder. */
public final class BottleneckAutoencoder extends TokenAutoencoder {
  private final Encoder encoder;
  private final Bottleneck bottleneck;
  private final Decoder decoder;

  /**
   * The model.
   *
   * @param convolutions base width of the convolutions
   * @param grid side of the map whose positions are the bottleneck's tokens; 0 for latents that
   *     belong to no position, made by a dense layer
   */
  public BottleneckAutoencoder(
      ImageShape shape, int convolutions, int grid, Bottleneck bottleneck) {
    super("BottleneckAutoencoder");
    encoder =
        register_module("encoder", new Encoder(shape, convolutions, grid, bottleneck.inputs()));
    this.bottleneck = register_module("bottleneck", bottleneck);
    decoder =
        register_module("decoder", new Decoder(shape, convolutions, grid, bottleneck.outputs()));
  }

  @Override
  public Outcome forward(Tensor images, double progress, Draws draws) {
    Bottleneck.Result result = quantized(latents(images), progress);
    Tensor decoded = images(result.vectors());
    return new Outcome(decoded, result.losses(), drawn(result, decoded, draws, this::images));
  }

  /** The encoder's part of a training pass: images (n, c, side, side) to the bottleneck's rows. */
  public Tensor latents(Tensor images) {
    return encoder.forward(here(images));
  }

  /** The bottleneck's part of a training pass, in float32. @param latents of {@link #latents} */
  public Bottleneck.Result quantized(Tensor latents, double progress) {
    return exactly(() -> bottleneck.forward(latents, progress));
  }

  /** The decoder's part of a training pass: vectors of the bottleneck to images, not clamped. */
  public Tensor images(Tensor vectors) {
    return decoder.forward(vectors);
  }

  @Override
  public void initialize(Tensor images) {
    try (NoGradGuard guard = new NoGradGuard()) {
      bottleneck.initialize(encoder.forward(here(images)));
    }
  }

  @Override
  public void seek(long images) {
    bottleneck.seek(images);
  }

  @Override
  Tensor lastLayer() {
    return decoder.lastLayer();
  }

  @Override
  public Encoding encode(Tensor images) {
    try (NoGradGuard guard = new NoGradGuard()) {
      return bottleneck.encode(encoder.forward(here(images)));
    }
  }

  @Override
  public Tensor vectors(Tensor tokens, MaskBits masks) {
    Tokens.check(tokens, codes());
    try (NoGradGuard guard = new NoGradGuard()) {
      return bottleneck.lookup(here(tokens), masks);
    }
  }

  @Override
  public Tensor decodeVectors(Tensor vectors) {
    try (NoGradGuard guard = new NoGradGuard()) {
      return Tokens.clamped(decoder.forward(vectors));
    }
  }

  @Override
  public MaskBits randomMasks(long n, long seed) {
    return bottleneck.randomMasks(n, seed);
  }

  @Override
  public MaskBits drawMasks(Tensor tokens, long seed) {
    Tokens.check(tokens, codes());
    return bottleneck.drawMasks(here(tokens), seed);
  }

  @Override
  public long winners() {
    return bottleneck.winners();
  }

  @Override
  public int[] codes() {
    return bottleneck.codes();
  }

  @Override
  public int[] codebooks() {
    return bottleneck.codebooks();
  }

  @Override
  public double maskBits() {
    return bottleneck.maskBits();
  }
}
