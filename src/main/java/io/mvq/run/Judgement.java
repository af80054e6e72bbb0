package io.mvq.run;

import io.mvq.autoencoder.ImageShape;
import io.mvq.autoencoder.PatchDiscriminator;
import io.mvq.autoencoder.PerceptualLoss;
import io.mvq.autoencoder.ReconstructionLoss;
import io.mvq.metric.PerceptualDistance;
import io.mvq.recipe.Adversarial;
import io.mvq.recipe.PixelLoss;
import io.mvq.recipe.Recipe;
import io.mvq.train.Losses;
import io.mvq.train.Player;
import io.mvq.train.Step;
import java.io.IOException;
import java.util.List;
import org.bytedeco.pytorch.Device;

/**
 * What an autoencoder's reconstructions are judged by, as a recipe describes it.
 *
 * @param loss of the autoencoder
 * @param opponents the discriminator, if the recipe has one, as the autoencoder's opponent
 */
record Judgement(ReconstructionLoss loss, List<Player> opponents) {
  /**
   * Draws the discriminator's weights, so make the autoencoder first.
   *
   * @throws IOException if a perceptual loss is wanted and its network cannot be had
   */
  static Judgement of(Recipe recipe, Device device) throws IOException {
    Adversarial wanted = recipe.loss().adversarial();
    double perceptual = recipe.loss().perceptual();
    ReconstructionLoss.Settings settings =
        new ReconstructionLoss.Settings(
            recipe.loss().pixels() == PixelLoss.L1,
            perceptual,
            wanted.weight(),
            wanted.start(),
            wanted.ramp());
    PerceptualLoss look = perceptual == 0 ? null : look(device);
    if (wanted.weight() == 0) {
      return new Judgement(new ReconstructionLoss(settings, look, null), List.of());
    }
    PatchDiscriminator discriminator =
        new PatchDiscriminator(
            new ImageShape(recipe.data().channels(), recipe.data().side()), wanted.width());
    ReconstructionLoss loss = new ReconstructionLoss(settings, look, discriminator);
    Step step = new JudgeStep(loss);
    return new Judgement(
        loss,
        List.of(Opponent.of("discriminator", discriminator, recipe, wanted.learningRate(), step)));
  }

  private static PerceptualLoss look(Device device) throws IOException {
    return new PerceptualDistance(FeatureNetworks.nsfwjs(device))::distance;
  }

  /** What the discriminator has to learn of the batch that the autoencoder has just seen. */
  private record JudgeStep(ReconstructionLoss loss) implements Step {
    @Override
    public boolean trains(long step) {
      return loss.judges(step);
    }

    @Override
    public void before(long step) {
      loss.prepare();
    }

    @Override
    public Losses losses(long batch) {
      ReconstructionLoss.Judged judged = loss.discriminator();
      return new Losses(judged.loss(), judged.parts());
    }
  }
}
