package io.mvq.run;

import io.mvq.autoencoder.Autoencoder;
import io.mvq.autoencoder.Draws;
import io.mvq.data.Augmentation;
import io.mvq.data.Batches;
import io.mvq.data.Halves;
import io.mvq.data.ImageSource;
import io.mvq.look.Critic;
import io.mvq.look.EnergyScore;
import io.mvq.look.Look;
import io.mvq.look.SmallLook;
import io.mvq.metric.LabelledImages;
import io.mvq.recipe.DrawScore;
import io.mvq.recipe.Recipe;
import io.mvq.tensor.Devices;
import io.mvq.train.Losses;
import io.mvq.train.Passes;
import io.mvq.train.Player;
import io.mvq.train.Step;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** How drawn images are trained, as a recipe describes it. */
final class DrawTraining implements AutoCloseable {
  private static final String NAME = "draws";
  private static final String WINNER = "winners_look";

  private final Recipe recipe;
  private final DrawScore settings;
  private final EnergyScore score;
  private final Batches lookedAt;
  private final List<Player> opponents;
  private Tensor drawn;

  private DrawTraining(Stage stage, ImageSource images, Look look, long done) {
    recipe = stage.recipe();
    settings = recipe.loss().draws();
    score = settings.on() ? settings.score(look) : null;
    if (score != null) {
      score.check(images.channels(), images.side());
    }
    if (settings.lookRate() > 0) {
      ImageSource half = Halves.of(images).looking();
      int rows = Math.min(rows(recipe), half.size());
      long seed = Looks.seed(recipe);
      int classes = settings.lesson() > 0 ? images.classes().size() : 0;
      Critic critic = new Critic((SmallLook) look, classes, seed);
      Passes passes = Passes.of(recipe.training(), stage.ranks());
      lookedAt =
          Batches.shuffled(
              half, rows, seed + 1, done * passes.own(), Augmentation.NONE, 1, passes::number);
      opponents = List.of(opponent(critic));
    } else {
      lookedAt = null;
      opponents = List.of();
    }
  }

  /**
   * Makes the look, which may take a minute; the generator is left as it was.
   *
   * @param begun whether the stage goes on, so that its look is there
   * @param done steps of it
   * @throws IllegalArgumentException if the images do not do for it
   * @throws IOException if a look cannot be had or kept
   */
  static DrawTraining of(Stage stage, ImageSource images, boolean begun, long done)
      throws IOException {
    DrawScore settings = stage.recipe().loss().draws();
    if (settings.lookRate() > 0) {
      int half = Halves.of(images).looking().size();
      SmallLook.requireImages("a look that learns on", half);
    }
    Look look = settings.on() ? Looks.of(stage, images, begun) : null;
    return new DrawTraining(stage, images, look, done);
  }

  private static int rows(Recipe recipe) {
    return (int) Draws.rows(recipe.loss().draws().share(), recipe.training().rows());
  }

  private Player opponent(Critic critic) {
    Step step =
        batch -> {
          LabelledImages next = Features.labelled(lookedAt.next());
          Tensor real = shifted(Devices.like(next.images(), drawn), batch);
          LabelledImages known = new LabelledImages(real, Devices.like(next.labels(), drawn));
          Critic.Verdict verdict = critic.judge(known, shifted(drawn, batch));
          Losses losses = new Losses(verdict.told(), Map.of("drawn", verdict.told()));
          if (verdict.classes() == null) {
            return losses;
          }
          Tensor kept = verdict.classes().mul(new Scalar(settings.lesson()));
          Map<String, Tensor> parts = losses.with("lesson", verdict.classes()).parts();
          return new Losses(verdict.told().add(kept), parts);
        };
    return Opponent.of("look", critic, recipe, settings.lookRate(), step);
  }

  /** The look, if it learns on. */
  List<Player> opponents() {
    return opponents;
  }

  /** What a batch has to draw; null for nothing. @param number of the batch, from 0 */
  Draws of(long number) {
    return score == null
        ? null
        : settings.draws(recipe.training().seed(), number, recipe.training().rows());
  }

  /** Adds the score to the losses of a batch. @param number of the batch, from 0 */
  void score(long number, Autoencoder.Outcome outcome, Tensor pixels, Map<String, Tensor> losses) {
    if (score == null) {
      return;
    }
    long rows = of(number).rows(pixels);
    Tensor real = Devices.like(pixels.narrow(0, 0, rows), outcome.drawn());
    Tensor made = outcome.drawn();
    EnergyScore.Seen seen = score.see(shifted(real, number));
    Tensor ofDrawn = score.of(seen, shifted(made, number), rows);
    losses.put(NAME, ofDrawn);
    if (settings.winner() > 0) {
      Tensor ofWinner = ofDrawn; // without masks the winner is what is drawn
      if (made.size(0) > rows) {
        Tensor winner = shifted(outcome.images().narrow(0, 0, rows), number);
        ofWinner = score.of(seen, winner, rows);
      }
      losses.put(WINNER, ofWinner.mul(new Scalar(settings.winner())));
    }
    drawn = made.narrow(0, 0, rows);
  }

  /**
   * Moved around by 0 or 1 pixel each way, another way each batch: looks halve their maps, and what
   * is wrong between the places of one grid, such as a raster, shows on another.
   */
  private static Tensor shifted(Tensor images, long number) {
    return torch.roll(images, new long[] {number & 1, (number >> 1) & 1}, new long[] {2, 3});
  }

  @Override
  public void close() {
    if (lookedAt != null) {
      lookedAt.close();
    }
  }
}
