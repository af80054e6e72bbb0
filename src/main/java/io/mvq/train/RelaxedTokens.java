package io.mvq.train;

/**
 * The part of a recipe on tokens drawn from logits by a relaxed softmax.
 *
 * @param temperature of the softmax at the start
 * @param lastTemperature at the end; half a cosine leads there
 * @param divergence weight of the KL divergence from the uniform distribution, in nats
 * @param ramp share of the training in which that weight rises from 0
 */
public record RelaxedTokens(
    double temperature, double lastTemperature, double divergence, double ramp) {
  public RelaxedTokens {
    Limits.positive("model.relaxed.temperature", temperature);
    Limits.positive("model.relaxed.lastTemperature", lastTemperature);
    Limits.nonNegative("model.relaxed.divergence", divergence);
    Limits.between("model.relaxed.ramp", ramp, 0, 1);
  }
}
