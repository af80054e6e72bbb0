package io.mvq.run;

import io.mvq.data.Augmentation;
import io.mvq.data.Batches;
import io.mvq.data.Halves;
import io.mvq.data.ImageSource;
import io.mvq.look.InceptionLook;
import io.mvq.look.Look;
import io.mvq.look.MobileNetLook;
import io.mvq.look.SmallLook;
import io.mvq.recipe.DrawScore;
import io.mvq.recipe.LookKind;
import io.mvq.recipe.Recipe;
import io.mvq.train.Safetensors;
import io.mvq.train.SealedTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Networks that recipes train against. One that is made here is kept beside the autoencoder's
 * checkpoint: a run that goes on is trained against the same bits.
 */
final class Looks {
  static final String FILE = "look.safetensors";

  private static final String NAME = "look";
  private static final long OTHER = 7_919; // than the seed of anything that measures

  private Looks() {}

  /** What a recipe's look is called beside results; null for none. */
  static String name(Recipe recipe) {
    DrawScore draws = recipe.loss().draws();
    String on = draws.lookRate() > 0 ? ", learning on at " + draws.lookRate() : "";
    return switch (draws.look()) {
      case NONE -> null;
      case UNTRAINED -> "small network (untrained" + on + ")";
      case MOBILENET -> MobileNetLook.NAME;
      case INCEPTION -> InceptionLook.NAME;
      default ->
          String.format(
              Locale.ROOT,
              "small network (%s, %s, %d steps%s)",
              recipe.data().images(),
              draws.look().name().toLowerCase(Locale.ROOT),
              draws.lookSteps(),
              on);
    };
  }

  /** The stage's; null for none. @param begun whether the stage goes on */
  static Look of(Stage stage, ImageSource images, boolean begun) throws IOException {
    LookKind kind = stage.recipe().loss().draws().look();
    if (kind == LookKind.NONE) {
      return null;
    }
    Look look = kind.fetched() ? fetched(kind, stage) : small(stage, images, begun);
    look.check(images.channels(), images.side());
    return look;
  }

  private static Look fetched(LookKind kind, Stage stage) throws IOException {
    Path unpacked = FeatureNetworks.unpacked();
    return kind == LookKind.MOBILENET
        ? new MobileNetLook(unpacked, stage.device(), ScalarType.Float)
        : new InceptionLook(unpacked, stage.device(), ScalarType.Float);
  }

  private static Look small(Stage stage, ImageSource images, boolean begun) throws IOException {
    Path file = stage.folder().resolve(FILE);
    String made = name(stage.recipe()) + ", seed " + seed(stage.recipe());
    if (begun) {
      return placed(read(file, made), stage);
    }
    SmallLook look = made(stage, images);
    if (stage.ranks().leads()) {
      try (PointerScope scope = new PointerScope()) {
        SealedTensors.write(file, look.weights(), Map.of(NAME, made));
      }
    }
    return placed(look, stage);
  }

  private static SmallLook placed(SmallLook look, Stage stage) {
    return look.to(stage.device()).bfloat16(stage.recipe().training().bf16());
  }

  private static SmallLook read(Path file, String made) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException(
          file + " is missing, the look that the run was begun with; without it, begin anew");
    }
    Safetensors saved = SealedTensors.read(file);
    String found = saved.metadata().get(NAME);
    if (!made.equals(found)) {
      throw new IOException(
          file + " must be the run's look, " + made + ", got " + (found == null ? "none" : found));
    }
    try {
      return SmallLook.load(made, saved.tensors());
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is no look of mvq's: " + e.getMessage(), e);
    }
  }

  /** Of a look's weights and of all that it draws to learn. */
  static long seed(Recipe recipe) {
    return recipe.training().seed() + OTHER;
  }

  private static SmallLook made(Stage stage, ImageSource images) throws IOException {
    Recipe recipe = stage.recipe();
    LookKind kind = recipe.loss().draws().look();
    long seed = seed(recipe);
    if (!kind.learns()) {
      return SmallLook.untrained(images.channels(), seed);
    }
    String what = "the look " + kind.name().toLowerCase(Locale.ROOT);
    ImageSource half = Halves.of(images).looking();
    SmallLook.requireImages(what, half.size());
    if (kind == LookKind.LABELS) {
      requireLabels(what, half);
    }
    stage
        .out()
        .printf(
            Locale.ROOT,
            "%s learns from %d images that no classifier of mvq evaluate sees%n",
            what,
            half.size());
    int batch = Math.min(DrawScore.LOOK_BATCH, half.size());
    try (Batches batches = Batches.shuffled(half, batch, seed, 0, Augmentation.NONE, 1)) {
      return SmallLook.train(
          recipe.data().images(),
          kind.lesson(),
          images.channels(),
          images.classes().size(),
          () -> Features.labelled(batches.next()),
          recipe.loss().draws().lookSteps(),
          seed);
    }
  }

  private static void requireLabels(String look, ImageSource images) {
    int classes = images.classes().size();
    if (classes < 2) {
      throw new IllegalArgumentException(
          look
              + " needs images of at least 2 classes (subfolders), got "
              + classes
              + "; rotations and instances need none");
    }
    int without = (int) IntStream.range(0, images.size()).filter(i -> images.label(i) < 0).count();
    if (without > 0) {
      throw new IllegalArgumentException(
          look + " needs a class for each image, " + without + " have none");
    }
  }
}
