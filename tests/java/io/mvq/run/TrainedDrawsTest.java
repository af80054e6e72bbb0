package io.mvq.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.data.ImageSource;
import io.mvq.data.StoredImages;
import io.mvq.recipe.Recipe;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Ranks;
import io.mvq.tensor.Tensors;
import io.mvq.train.Checkpoint;
import io.mvq.train.CheckpointInterval;
import io.mvq.train.EvaluationInterval;
import io.mvq.train.Progress;
import io.mvq.train.Safetensors;
import io.mvq.train.SealedTensors;
import io.mvq.train.StepReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Autoencoders trained by the energy score of their draws, stopped and continued. */
class TrainedDrawsTest {
  private static final int STEPS = 4;

  @TempDir Path folder;

  private final List<StepReport> reports = new ArrayList<>();
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  private static Recipe recipe(String system, String architecture, Map<String, ?> more) {
    Map<String, Object> flags = new HashMap<>();
    flags.putAll(Map.of("side", 32, "channels", 1, "steps", STEPS, "batch", 4, "seed", 3));
    flags.putAll(Map.of("system", system, "architecture", architecture, "width", 16, "codes", 4));
    flags.putAll(Map.of("mask-width", 8, "hypotheses", 8, "draw-weight", 1.5, "look", "labels"));
    flags.putAll(Map.of("look-steps", 3, "draw-share", 0.75, "look-rate", 0, "winner-look", 0));
    flags.putAll(more);
    return Recipe.ofApplicable(flags);
  }

  private static ImageSource images(int count, int classes) {
    Random random = new Random(5);
    byte[][] images = new byte[count][32 * 32];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = classes == 0 ? -1 : i % classes;
      for (int p = 0; p < images[i].length; p++) {
        images[i][p] = (byte) (random.nextInt(100) + 120 * labels[i]);
      }
    }
    List<String> names = List.of("dark", "light").subList(0, classes);
    return new StoredImages(32, 1, names, images, labels);
  }

  private boolean train(Recipe recipe, Path to, ImageSource images, boolean resume, long last)
      throws IOException {
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    Stage stage =
        new Stage(
            recipe,
            to,
            resume,
            Progress.Style.NONE,
            out,
            Devices.cpu(),
            null,
            CheckpointInterval.DEFAULT,
            new EvaluationInterval(last == STEPS && !resume ? 0 : 1),
            report -> {
              reports.add(report.report());
              return report.step() < last;
            },
            Ranks.ALONE);
    return AutoencoderTraining.run(stage, images, images).complete();
  }

  private static Map<String, float[]> weights(Path stage) throws IOException {
    Map<String, float[]> all = new LinkedHashMap<>();
    Checkpoint.read(Run.checkpoint(stage))
        .weights()
        .forEach((name, weight) -> all.put(name, Tensors.floats(weight)));
    return all;
  }

  @Test
  void aResumedRunEqualsAnUnbrokenOneOfEverySystemAndLook() throws IOException {
    ImageSource images = images(140, 2);
    List<Recipe> recipes =
        List.of(
            recipe("mvq", "single", Map.of()),
            recipe("mvq", "single", Map.of("draws", 3, "accumulate", 2, "look", "rotations")),
            recipe("vq", "single", Map.of("look", "untrained", "winner-look", 0.5)),
            recipe("mvq", "hierarchy", Map.of("look", "instances", "look-rate", 1e-3)),
            recipe("mvq", "continuous", Map.of("look", "none")));
    for (int i = 0; i < recipes.size(); i++) {
      Path whole = folder.resolve("whole" + i);
      Path parts = folder.resolve("parts" + i);
      assertThat(train(recipes.get(i), whole, images, false, STEPS)).isTrue();
      reports.forEach(report -> assertThat(report.parts().get("draws")).isFinite().isPositive());
      assertThat(train(recipes.get(i), parts, images, false, 2)).isFalse();
      assertThat(train(recipes.get(i), parts, images, true, STEPS)).isTrue();
      assertThat(weights(parts)).as("%d", i).usingRecursiveComparison().isEqualTo(weights(whole));
      assertThat(Files.exists(whole.resolve(Looks.FILE))).isEqualTo(i < 4);
    }
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("the look labels learns from 70 images");
  }

  /** So what a benchmark measures is what trains. */
  @Test
  void stepsOneByOneReportWhatARunReports() throws IOException {
    ImageSource images = images(140, 2);
    Recipe recipe = recipe("mvq", "single", Map.of("look-rate", 1e-3, "winner-look", 0.5));
    train(recipe, folder.resolve("run"), images, false, STEPS);
    Path alone = Files.createDirectory(folder.resolve("alone"));
    List<StepReport> steps = new ArrayList<>();
    try (StepByStep stepper = StepByStep.of(recipe, images, Devices.cpu(), alone)) {
      for (int i = 0; i < STEPS; i++) {
        steps.add(stepper.step());
      }
    }
    assertThat(steps).isEqualTo(reports);
  }

  /** The look on file is what is trained against: another one makes another model. */
  @Test
  void aResumedRunReadsItsLookInPlaceOfMakingIt() throws IOException {
    ImageSource images = images(140, 2);
    Recipe recipe = recipe("mvq", "single", Map.of());
    Path same = folder.resolve("same");
    Path other = folder.resolve("other");
    for (Path place : List.of(same, other)) {
      train(recipe, place, images, false, 2);
    }
    Path file = other.resolve(Looks.FILE);
    Safetensors saved = Safetensors.read(file);
    saved.tensors().get("convolution0.weight").neg_();
    String made = saved.metadata().get("look");
    SealedTensors.write(file, saved.tensors(), Map.of("look", made));
    train(recipe, same, images, true, STEPS);
    train(recipe, other, images, true, STEPS);
    assertThat(weights(other)).usingRecursiveComparison().isNotEqualTo(weights(same));

    Files.delete(file);
    new Safetensors(saved.tensors(), Map.of()).write(file);
    assertThatThrownBy(() -> train(recipe.with("steps", 9), other, images, true, 9))
        .hasMessage(
            file
                + " must be the run's look, small network (emoji, labels, 3 steps), seed 7922, got"
                + " none");
    Files.delete(file);
    assertThatThrownBy(() -> train(recipe.with("steps", 9), other, images, true, 9))
        .hasMessage(
            file + " is missing, the look that the run was begun with; without it, begin anew");
  }

  @Test
  void theScoreChangesTheWeightsAndWithoutItNothingIsDrawnOrKept() throws IOException {
    ImageSource images = images(140, 2);
    Recipe off = recipe("mvq", "single", Map.of("draw-weight", 0));
    Path plain = folder.resolve("plain");
    train(off, plain, images, false, STEPS);
    assertThat(reports.get(0).parts()).doesNotContainKey("draws");
    assertThat(plain.resolve(Looks.FILE)).doesNotExist();
    Path scored = folder.resolve("scored");
    train(off.with("draw-weight", 1), scored, images, false, STEPS);
    assertThat(weights(scored)).usingRecursiveComparison().isNotEqualTo(weights(plain));
  }

  /** Without masks a draw is the reconstruction, hence what winners' images are without any. */
  @Test
  void winnersAreLookedAtToo() throws IOException {
    ImageSource images = images(140, 2);
    Recipe vq = recipe("vq", "single", Map.of("winner-look", 0.5));
    train(vq, folder.resolve("vq"), images, false, STEPS);
    Map<String, Double> parts = reports.get(0).parts();
    assertThat(parts.get("winners_look")).isCloseTo(0.5 * parts.get("draws"), within(1e-5));
    reports.clear();
    train(vq.with("system", "mvq"), folder.resolve("mvq"), images, false, STEPS);
    assertThat(reports.get(0).parts().get("winners_look")).isPositive();
    assertThat(weights(folder.resolve("mvq"))).isNotEmpty();
  }

  /** From the second step on, as the look learns of the first step's images. */
  @Test
  void aLookThatLearnsOnMakesAnotherModelAndReportsWhatItTells() throws IOException {
    ImageSource images = images(140, 2);
    Recipe frozen = recipe("mvq", "single", Map.of());
    Recipe learning = frozen.with("look-rate", 1e-3);
    Path still = folder.resolve("still");
    train(frozen, still, images, false, STEPS);
    List<StepReport> before = List.copyOf(reports);
    reports.clear();
    Path on = folder.resolve("on");
    train(learning, on, images, false, STEPS);
    assertThat(reports.get(0).parts().get("draws")).isEqualTo(before.get(0).parts().get("draws"));
    assertThat(reports.get(1).parts().get("draws"))
        .isNotEqualTo(before.get(1).parts().get("draws"));
    assertThat(weights(on)).usingRecursiveComparison().isNotEqualTo(weights(still));
    Path forgetful = folder.resolve("forgetful");
    train(learning.with("look-lesson", 0), forgetful, images, false, STEPS);
    assertThat(weights(on)).usingRecursiveComparison().isNotEqualTo(weights(forgetful));
    assertThat(reports.get(0).parts().get("look/drawn")).isBetween(0.5, 4.0);
    assertThat(reports.get(0).parts().get("look/lesson")).isBetween(0.1, 4.0);
    assertThat(Looks.name(learning))
        .isEqualTo("small network (emoji, labels, 3 steps, learning on at 0.001)");
  }

  @Test
  void imagesThatDoNotDoForALookAreRefusedBeforeTraining() {
    assertRefused(
        recipe("mvq", "single", Map.of()),
        images(14, 2),
        "the look labels needs at least 8 images, half of the training images, got 7; --draw-weight 0 trains without one");
    assertRefused(
        recipe("mvq", "single", Map.of()),
        images(140, 0),
        "the look labels needs images of at least 2 classes (subfolders), got 0; rotations and"
            + " instances need none");
    assertRefused(
        recipe("vq", "single", Map.of("look", "rotations")),
        images(14, 2),
        "the look rotations needs at least 8 images, half of the training images, got 7; --draw-weight 0 trains without one");
    assertRefused(
        recipe("vq", "single", Map.of("look", "untrained", "look-rate", 1e-4)),
        images(14, 2),
        "a look that learns on needs at least 8 images, half of the training images, got 7; --draw-weight 0 trains without one");
  }

  private void assertRefused(Recipe recipe, ImageSource images, String message) {
    assertThatThrownBy(() -> train(recipe, folder.resolve("no"), images, false, STEPS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThat(reports).isEmpty();
    assertThat(folder.resolve("no")).doesNotExist();
  }
}
