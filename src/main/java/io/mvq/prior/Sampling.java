package io.mvq.prior;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * How a token is drawn from its logits.
 *
 * @param temperature divides the logits; 0 always takes the likeliest
 * @param topK keeps only the k likeliest; 0 keeps all
 * @param topP keeps the smallest set of likeliest tokens whose probabilities reach p; 1 keeps all
 * @param guidance how strongly a class is followed: logits are u + guidance * (c - u), c with the
 *     class and u without (classifier-free guidance, arXiv 2207.12598, with guidance = 1 + its w);
 *     1 is the class as it was learned, 0 ignores it
 */
public record Sampling(double temperature, int topK, double topP, double guidance) {
  private static final double MOST_GUIDANCE = 100;

  /** From the model's own distribution, unchanged. */
  public static final Sampling PLAIN = new Sampling(1, 0, 1);

  /** Always the likeliest token. */
  public static final Sampling GREEDY = new Sampling(0, 0, 1);

  public Sampling {
    if (!(temperature >= 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature must be at least 0 and finite, got " + temperature);
    }
    if (topK < 0) {
      throw new IllegalArgumentException("topK must be at least 0 (0 keeps all), got " + topK);
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException(
          "topP must be greater than 0 and at most 1 (1 keeps all), got " + topP);
    }
    if (!(guidance >= 0 && guidance <= MOST_GUIDANCE)) {
      throw new IllegalArgumentException(
          "guidance must be in 0.." + (int) MOST_GUIDANCE + " (1 as learned), got " + guidance);
    }
  }

  /** Without guidance. */
  public Sampling(double temperature, int topK, double topP) {
    this(temperature, topK, topP, 1);
  }

  /** Whether the logits without a class are needed too. */
  boolean guided() {
    return guidance != 1;
  }

  /** Both (n, k) logits as one. */
  Tensor guided(Tensor withClass, Tensor without) {
    return without.add(withClass.sub(without).mul(new Scalar(guidance)));
  }

  /** Draws one token a row: (n, k) logits to (n) int64 tokens. Ties go to the lowest token. */
  Tensor draw(Tensor logits, GeneratorOptional generator) {
    if (temperature == 0 || topK == 1) {
      return logits.argmax(new LongOptional(-1), false);
    }
    // Subtracting the greatest first keeps a tiny temperature from giving infinity - infinity.
    Tensor top = logits.amax(new long[] {-1}, true);
    Tensor scaled = logits.sub(top).div(new Scalar(temperature)).cpu();
    if (topK == 0 && topP == 1) {
      return torch.multinomial(scaled.softmax(-1), 1, false, generator).squeeze(-1);
    }
    T_TensorTensor_T sorted = torch.sort(scaled, new BoolOptional(true), -1, true);
    Tensor kept = kept(sorted.get0().softmax(-1));
    Tensor rank = torch.multinomial(kept, 1, false, generator);
    return sorted.get1().gather(-1, rank).squeeze(-1);
  }

  /** Sorted probabilities with those outside the top k or the top p set to 0. */
  Tensor kept(Tensor sorted) {
    long codes = sorted.size(-1);
    Tensor kept = sorted;
    if (topK > 0 && topK < codes) {
      Tensor outside = torch.arange(new Scalar(codes)).ge(new Scalar(topK));
      kept = kept.masked_fill(outside, new Scalar(0.0));
      kept = kept.div(kept.sum(new long[] {-1}, true, null));
    }
    if (topP < 1) {
      Tensor before = kept.cumsum(-1).sub(kept);
      kept = kept.masked_fill(before.ge(new Scalar(topP)), new Scalar(0.0));
    }
    return kept;
  }
}
