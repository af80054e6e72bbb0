package io.mvq.train;

import java.util.List;

/**
 * What makes a reconstruction good; the adversarial part as in VQGAN (arXiv 2012.09841, section
 * 3.1).
 *
 * @param pixels the pixels' distance: {@code l2} (mean square) or {@code l1} (mean absolute)
 * @param perceptual weight of the distance of features; 0 for none
 * @param adversarial weight of the discriminator's verdict, on top of the adaptive weight; 0 for no
 *     discriminator; from 1 on it outweighs the reconstruction, and training collapses
 * @param adversarialStart training step at which the discriminator begins to learn
 * @param adversarialRamp steps from then on over which its verdict gains its full weight: at once
 *     it would ruin the autoencoder, since it has learned nothing yet
 * @param discriminatorWidth channels of the discriminator's first layer
 * @param discriminatorRate peak of its learning rate
 */
public record Reconstruction(
    String pixels,
    double perceptual,
    double adversarial,
    long adversarialStart,
    long adversarialRamp,
    int discriminatorWidth,
    double discriminatorRate) {
  public Reconstruction {
    Limits.oneOf("reconstruction.pixels", pixels, List.of("l1", "l2"));
    Limits.nonNegative("reconstruction.perceptual", perceptual);
    Limits.nonNegative("reconstruction.adversarial", adversarial);
    Limits.atLeast("reconstruction.adversarialStart", adversarialStart, 0);
    Limits.atLeast("reconstruction.adversarialRamp", adversarialRamp, 0);
    Limits.atLeast("reconstruction.discriminatorWidth", discriminatorWidth, 1);
    Limits.positive("reconstruction.discriminatorRate", discriminatorRate);
  }
}
