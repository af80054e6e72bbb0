package io.mvq.quantize;

import io.mvq.kernel.MaskBits;
import io.mvq.tensor.Devices;
import java.util.Map;
import org.bytedeco.pytorch.EmbeddingImpl;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A token drawn from logits, made differentiable by Gumbel noise and a softmax whose temperature
 * falls. With hard samples it is the straight-through Gumbel-softmax (arXiv 1611.01144, section
 * 2.2; as a token model, the dVAE of arXiv 2102.12092, section 2.1); with soft samples the concrete
 * distribution (arXiv 1611.00712, section 3.2), a mixture of codes in training. In evaluation both
 * take the likeliest code. The settings of the dVAE: temperature 1 to 1/16, weight of the KL
 * divergence ramped up.
 */
public final class RelaxedBottleneck extends Bottleneck {
  private final long codes;
  private final long codeWidth;
  private final Anneal temperature;
  private final Anneal divergence;
  private final boolean hard;
  private final EmbeddingImpl embedding;

  /**
   * One token.
   *
   * @param codes K; a row of latents is K logits
   * @param codeWidth D, floats a code
   * @param temperature of the softmax, above 0
   * @param divergence weight of the KL divergence from the uniform distribution, in nats
   * @param hard whether training decodes one code, not a mixture
   */
  public RelaxedBottleneck(
      long codes, long codeWidth, Anneal temperature, Anneal divergence, boolean hard) {
    super("RelaxedBottleneck");
    if (codes < 2) {
      throw new IllegalArgumentException("codes must be at least 2, got " + codes);
    }
    if (!(temperature.from() > 0 && temperature.to() > 0)) {
      throw new IllegalArgumentException(
          "temperature must be greater than 0, got "
              + temperature.from()
              + " to "
              + temperature.to());
    }
    this.codes = codes;
    this.codeWidth = codeWidth;
    this.temperature = temperature;
    this.divergence = divergence;
    this.hard = hard;
    embedding = register_module("codebook", new EmbeddingImpl(codes, codeWidth));
  }

  @Override
  public Result forward(Tensor latents, double progress) {
    Tensor logLikely = check(latents).log_softmax(1);
    Tensor tokens = likeliest(latents);
    Tensor weights = torch.one_hot(tokens, codes).to(latents.scalar_type());
    if (is_training()) {
      Tensor noisy = logLikely.add(noise(latents)).div(new Scalar(temperature.at(progress)));
      Tensor soft = noisy.softmax(1);
      tokens = likeliest(noisy);
      weights = soft;
      if (hard) {
        Tensor one = torch.one_hot(tokens, codes).to(soft.scalar_type());
        // In this order the values are those of the code alone: x + (1 - x) rounds.
        weights = one.add(soft.sub(soft.detach()));
      }
    }
    // sum_k q (log q - log 1/k)
    Tensor kl = logLikely.exp().mul(logLikely).sum(1).mean().add(new Scalar(Math.log(codes)));
    return new Result(
        weights.matmul(embedding.weight()),
        tokens.unsqueeze(1),
        Map.of("divergence", kl.mul(new Scalar(divergence.at(progress)))));
  }

  @Override
  public Encoding encode(Tensor latents) {
    try (NoGradGuard guard = new NoGradGuard()) {
      return new Encoding(likeliest(check(latents)).unsqueeze(1));
    }
  }

  @Override
  public Tensor lookup(Tensor tokens, MaskBits masks) {
    try (NoGradGuard guard = new NoGradGuard()) {
      return embedding.forward(Devices.like(tokens.select(1, 0), embedding.weight()));
    }
  }

  @Override
  public int[] codes() {
    return new int[] {(int) codes};
  }

  @Override
  public long inputs() {
    return codes;
  }

  @Override
  public long outputs() {
    return codeWidth;
  }

  /** Gumbel noise, drawn on the CPU: a resumed run draws it again, whatever the device. */
  private static Tensor noise(Tensor like) {
    Tensor uniform = torch.rand(like.size(0), like.size(1)).clamp_min(new Scalar(1e-20));
    return Devices.like(uniform.log().neg().log().neg(), like);
  }

  private static Tensor likeliest(Tensor logits) {
    return logits.detach().argmax(new LongOptional(1), false);
  }
}
