package io.mvq.recipe;

import io.mvq.quantize.Anneal;
import io.mvq.quantize.Bottleneck;
import io.mvq.quantize.RelaxedBottleneck;
import io.mvq.setting.Flag;
import io.mvq.setting.Limits;

/**
 * Tokens drawn from logits by a relaxed softmax (dVAE, arXiv 2102.12092, section 2.1).
 *
 * @param temperature of the softmax at the start
 * @param lastTemperature at the end; half a cosine leads there
 * @param divergence weight of the KL divergence from the uniform distribution, in nats
 * @param ramp share of the training in which that weight rises from 0
 */
public record Relaxation(
    @Flag(name = "temperature", value = "1.0", label = "T", help = "of the softmax at the start")
        double temperature,
    @Flag(name = "last-temperature", value = "0.0625", label = "T", help = "at the end")
        double lastTemperature,
    @Flag(
            name = "divergence",
            value = "5.0E-4",
            label = "WEIGHT",
            help = "weight of the KL divergence from uniform tokens")
        double divergence,
    @Flag(
            name = "divergence-ramp",
            value = "0.1",
            label = "SHARE",
            help = "share of the training in which that weight rises")
        double ramp) {
  public Relaxation {
    Limits.positive("temperature", temperature);
    Limits.positive("last-temperature", lastTemperature);
    Limits.nonNegative("divergence", divergence);
    Limits.between("divergence-ramp", ramp, 0, 1);
  }

  /** A token. @param hard whether a Gumbel-softmax's draw is made hard, straight through */
  Bottleneck token(int codes, int codeWidth, boolean hard) {
    return new RelaxedBottleneck(
        codes,
        codeWidth,
        new Anneal(temperature, lastTemperature, 1),
        new Anneal(0, divergence, ramp),
        hard);
  }
}
