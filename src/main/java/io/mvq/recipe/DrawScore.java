package io.mvq.recipe;

import io.mvq.autoencoder.Draws;
import io.mvq.look.EnergyScore;
import io.mvq.look.Look;
import io.mvq.look.PixelPatches;
import io.mvq.setting.Flag;
import io.mvq.setting.Limits;
import java.util.Locale;
import java.util.Map;

/**
 * The energy score of images of drawn masks ({@link EnergyScore}). Without masks the draws are the
 * reconstruction, and the same score is a perceptual loss. The defaults served best in the paper's
 * comparison (docs/reproduce.md) of those looks that need no classes.
 *
 * @param weight of the score; 0 for none, and whatever else is set here means nothing
 * @param count m, draws an image, at least 2: one has no distribution
 * @param look the network whose maps are scored, with weight 1
 * @param lookSteps steps of {@link #LOOK_BATCH} images that a look learns which is made here
 * @param lookRate peak of the learning rate at which such a look goes on learning during training,
 *     to tell drawn images from real ones; 0 leaves it as it was made, as others always are
 * @param lesson weight at which a look that was taught classes goes on telling them while it learns
 *     on, or it comes to see texture alone; always 0 for others, whose lessons did harm
 * @param patches weight of the pixels' patches beside the look's maps
 * @param winner weight, within the score, of its distance for the winners' images, which without it
 *     are trained on pixels alone; without masks winners and draws are the same images
 * @param share of a batch's images that are drawn for
 */
public record DrawScore(
    @Flag(
            name = "draw-weight",
            value = "1.5",
            label = "WEIGHT",
            help = "weight of the energy score of drawn images; 0 for none: faster, and blurred")
        double weight,
    @Flag(name = "draws", value = "2", help = "draws an image, at least 2") int count,
    @Flag(
            name = "look",
            value = "instances",
            help =
                "network whose maps are scored; mobilenet and inception are fetched, the others"
                    + " made before training")
        LookKind look,
    @Flag(
            name = "look-steps",
            value = "800",
            label = "STEPS",
            help = "steps of 64 images that a look learns which is made here")
        int lookSteps,
    @Flag(
            name = "look-rate",
            value = "2.0E-4",
            label = "RATE",
            help = "rate at which such a look learns on, to tell drawn images from real; 0: not")
        double lookRate,
    @Flag(
            name = "look-lesson",
            value = "0.3",
            label = "WEIGHT",
            help = "weight of telling classes while it learns on, for the look labels; 0: none")
        double lesson,
    @Flag(
            name = "patch-weight",
            value = "0.5",
            label = "WEIGHT",
            help = "weight of pixels in patches within the score, in which the look has 1")
        double patches,
    @Flag(
            name = "winner-look",
            value = "0.5",
            label = "WEIGHT",
            help = "weight of the same look at winners' images within the score")
        double winner,
    @Flag(
            name = "draw-share",
            value = "1.0",
            label = "SHARE",
            help = "of a batch's images that are drawn for; above 0, to 1")
        double share) {
  /** Images of a step in which a look learns. */
  public static final int LOOK_BATCH = 64;

  /** Draws are a stream of their own, also where a search's masks have the same seed. */
  private static final long STREAM = 0x9E3779B97F4A7C15L;

  public DrawScore {
    Limits.nonNegative("draw-weight", weight);
    Limits.atLeast("draws", count, 2);
    Limits.present("look", look);
    Limits.atLeast("look-steps", lookSteps, 1);
    Limits.nonNegative("look-rate", lookRate);
    Limits.nonNegative("look-lesson", lesson);
    Limits.nonNegative("winner-look", winner);
    Limits.nonNegative("patch-weight", patches);
    if (!(share > 0 && share <= 1)) {
      throw Limits.bad("draw-share", "must be above 0 and at most 1", share);
    }
    if (weight == 0) { // all that are off are equal
      look = LookKind.NONE;
      count = 2;
      lookSteps = 800;
      patches = 0.5;
      winner = 0.5;
      share = 1;
    }
    if (!look.small()) {
      lookRate = 0;
    }
    if (look != LookKind.LABELS) {
      lesson = 0;
    }
    if (weight > 0 && patches == 0 && look == LookKind.NONE) {
      throw Limits.bad("patch-weight", "must be above 0 without a look", "0");
    }
  }

  /** Refuses settings that were asked for and mean nothing beside the others. */
  void check(Map<String, String> asked) {
    if (weight == 0 && !asked.getOrDefault("look", "none").equals("none")) {
      throw Limits.bad(
          "draw-weight", "must be above 0 to train against the look " + asked.get("look"), "0");
    }
    if (weight > 0 && !look.small()) {
      checkZero(asked, "look-rate", "only one made here can learn");
    }
    if (weight > 0 && look != LookKind.LABELS) {
      checkZero(asked, "look-lesson", "only labels has a lesson to keep");
    }
  }

  private void checkZero(Map<String, String> asked, String flag, String reason) {
    String value = asked.getOrDefault(flag, "0");
    if (Double.parseDouble(value) > 0) {
      throw Limits.bad(flag, "must be 0 for the look " + text(look) + ": " + reason, value);
    }
  }

  private static String text(LookKind look) {
    return look.name().toLowerCase(Locale.ROOT);
  }

  /** Whether there is a score. */
  public boolean on() {
    return weight > 0;
  }

  /** Whether the look learns from real images, before or during training. */
  public boolean learns() {
    return look.learns() || lookRate > 0;
  }

  /** The score. @param network that {@link #look} names; null for none */
  public EnergyScore score(Look network) {
    double maps = look == LookKind.NONE ? 0 : weight;
    return new EnergyScore(
        new EnergyScore.Weights(weight * patches, maps), PixelPatches.DEFAULT, network);
  }

  /** What a batch draws. @param number of the batch, from 0: a resumed run draws the same */
  public Draws draws(long seed, long number, int batch) {
    return new Draws(count, share, seed ^ STREAM, number * batch);
  }
}
