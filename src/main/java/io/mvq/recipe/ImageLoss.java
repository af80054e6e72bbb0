package io.mvq.recipe;

import io.mvq.setting.Flag;
import io.mvq.setting.Limits;
import io.mvq.setting.Part;

/**
 * What makes a reconstruction good.
 *
 * @param pixels the pixels' distance
 * @param perceptual weight of the distance of features; 0 for none
 * @param adversarial a discriminator's part
 * @param draws what drawn masks are trained by
 */
public record ImageLoss(
    @Flag(name = "pixel-loss", value = "l2", help = "mean absolute or mean square error of pixels")
        PixelLoss pixels,
    @Flag(
            name = "perceptual-weight",
            value = "0.0",
            label = "WEIGHT",
            help = "weight of the perceptual loss; 0 for none")
        double perceptual,
    @Part(heading = "Discriminator") Adversarial adversarial,
    @Part(heading = "Trained draws") DrawScore draws) {
  public ImageLoss {
    Limits.present("pixel-loss", pixels);
    Limits.nonNegative("perceptual-weight", perceptual);
    Limits.present("adversarial", adversarial);
    Limits.present("draws", draws);
  }
}
