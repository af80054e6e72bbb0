package io.mvq.recipe;

import io.mvq.setting.Flag;
import io.mvq.setting.Limits;

/**
 * A discriminator's verdict, as in VQGAN (arXiv 2012.09841, section 3.1).
 *
 * @param weight w of the verdict: it pulls at the decoder's last layer w / (1 + w) times as hard as
 *     the reconstruction, so that it never outweighs it; 0 for no discriminator
 * @param start training step at which the discriminator begins to learn
 * @param ramp steps from then on over which its verdict gains its full weight: at once it would
 *     ruin the autoencoder, since it has learned nothing yet
 * @param width channels of the discriminator's first layer
 * @param learningRate peak of its learning rate
 */
public record Adversarial(
    @Flag(
            name = "adversarial-weight",
            value = "0.0",
            label = "WEIGHT",
            help = "weight of a discriminator's verdict, say 0.2 to 2; 0 for none")
        double weight,
    @Flag(
            name = "adversarial-start",
            value = "5000",
            label = "STEP",
            help = "step at which the discriminator begins to learn")
        long start,
    @Flag(
            name = "adversarial-ramp",
            value = "1000",
            label = "STEPS",
            help = "steps over which its verdict gains its weight")
        long ramp,
    @Flag(
            name = "discriminator-width",
            value = "16",
            label = "CHANNELS",
            help = "width of its first layer")
        int width,
    @Flag(
            name = "discriminator-rate",
            value = "2.0E-4",
            label = "RATE",
            help = "peak of its learning rate")
        double learningRate) {
  public Adversarial {
    Limits.nonNegative("adversarial-weight", weight);
    Limits.atLeast("adversarial-start", start, 0);
    Limits.atLeast("adversarial-ramp", ramp, 0);
    Limits.atLeast("discriminator-width", width, 1);
    Limits.positive("discriminator-rate", learningRate);
  }
}
