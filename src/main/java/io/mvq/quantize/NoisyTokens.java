package io.mvq.quantize;

import io.mvq.kernel.Dropout;
import io.mvq.kernel.DropoutMasks;
import io.mvq.kernel.MaskBits;
import io.mvq.kernel.Where;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Views;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Tokens with noise beside them: the control that asks whether MVQ's masks do more than any
 * randomness would. Each image's vectors get so many random values more, from bits that are kept as
 * masks are. Nothing wins: a training pass decodes the mean, 0, and its draws random values, which
 * a score of drawn images alone teaches the decoder to use.
 */
public final class NoisyTokens extends Bottleneck {
  /** Bits whose sum is nearly normal: 17 values, kurtosis 2.875. */
  private static final int NORMAL = 16;

  /** How a value comes about; both have mean 0 and variance 1. */
  public enum Noise {
    /** A bit: -1 or 1. */
    BITS(1),
    /** The sum of 16 bits, scaled: nearly Gaussian. */
    GAUSSIAN(NORMAL);

    private final int bits;

    Noise(int bits) {
      this.bits = bits;
    }

    /** Bits a value. */
    public int bits() {
      return bits;
    }
  }

  private final Bottleneck tokens;
  private final Noise noise;
  private final int width;
  private final long seed;

  /**
   * Noise beside a bottleneck's vectors.
   *
   * @param tokens without masks of its own
   * @param width values an image, at least 1
   * @param seed of the noise that encoding draws
   */
  public NoisyTokens(Bottleneck tokens, Noise noise, int width, long seed) {
    super("NoisyTokens");
    if (width < 1) {
      throw new IllegalArgumentException("width must be at least 1, got " + width);
    }
    this.tokens = register_module("tokens", SeparateTokens.withoutMasks(tokens));
    this.noise = noise;
    this.width = width;
    this.seed = seed;
  }

  @Override
  public Result forward(Tensor latents, double progress) {
    Result result = tokens.forward(latents, progress);
    Tensor vectors = result.vectors();
    Tensor mean = torch.zeros(new long[] {vectors.size(0), width}, vectors.options());
    return new Result(
        beside(vectors, mean),
        result.tokens(),
        result.losses(),
        (rows, draws, stream, first) -> {
          MaskBits bits = DropoutMasks.draw(rows, draws, bits(), even(stream, first), Where.CPU);
          Tensor values = values(bits).reshape(rows, draws, width).transpose(0, 1);
          Tensor repeated = vectors.narrow(0, 0, rows).repeat(draws, 1);
          return beside(repeated, values.reshape(-1, width));
        });
  }

  @Override
  public Encoding encode(Tensor latents) {
    return new Encoding(tokens.encode(latents).tokens(), randomMasks(latents.size(0), seed));
  }

  @Override
  public Tensor lookup(Tensor indices, MaskBits masks) {
    if (masks.isEmpty() && indices.size(0) > 0) {
      throw new IllegalArgumentException("masks must be given for tokens with noise, got none");
    }
    try (NoGradGuard guard = new NoGradGuard()) {
      return beside(tokens.lookup(indices, MaskBits.none()), values(masks));
    }
  }

  @Override
  public MaskBits randomMasks(long n, long stream) {
    return DropoutMasks.draw(n, 1, bits(), even(stream, 0), Where.CPU);
  }

  @Override
  public void initialize(Tensor latents) {
    tokens.initialize(latents);
  }

  @Override
  public int[] codes() {
    return tokens.codes();
  }

  @Override
  public int[] codebooks() {
    return tokens.codebooks();
  }

  @Override
  public long inputs() {
    return tokens.inputs();
  }

  @Override
  public long outputs() {
    return tokens.outputs() + width;
  }

  @Override
  public long winners() {
    return 1;
  }

  private static Dropout even(long stream, long first) {
    return new Dropout(stream, first, 0.5);
  }

  private long bits() {
    return (long) width * noise.bits();
  }

  /** (n, width) of bits as masks, (n, width * bits a value). */
  private Tensor values(MaskBits bits) {
    double mean = noise.bits() / 2.0;
    double deviation = Math.sqrt(noise.bits()) / 2;
    Tensor sums = Views.unpack(bits).reshape(-1, width, noise.bits()).sum(2);
    return sums.sub(new Scalar(mean)).div(new Scalar(deviation));
  }

  private static Tensor beside(Tensor vectors, Tensor values) {
    return torch.cat(new TensorVector(vectors, Devices.like(values, vectors)), 1);
  }
}
