package io.mvq.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.mvq.autoencoder.Autoencoder;
import io.mvq.recipe.Recipe;
import io.mvq.recipe.RecipeJson;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Parameters;
import io.mvq.tensor.RandomState;
import io.mvq.tensor.Tensors;
import io.mvq.train.Checkpoint;
import io.mvq.train.Losses;
import io.mvq.train.StepReport;
import io.mvq.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An autoencoder against a discriminator, as the train command sets them up. */
class AdversarialTrainingTest {
  private static final Recipe RECIPE =
      Recipe.defaults()
          .with(
              Map.ofEntries(
                  Map.entry("draw-weight", 0),
                  Map.entry("side", 32),
                  Map.entry("width", 16),
                  Map.entry("codes", 4),
                  Map.entry("hypotheses", 8),
                  Map.entry("steps", 6),
                  Map.entry("batch", 4),
                  Map.entry("adversarial-weight", 0.8),
                  Map.entry("adversarial-start", 1),
                  Map.entry("adversarial-ramp", 3),
                  Map.entry("discriminator-width", 4)));

  @TempDir Path folder;

  private record Sides(Autoencoder model, Judgement judged, Trainer trainer) {
    Map<String, List<Float>> weights() {
      Map<String, List<Float>> all = new LinkedHashMap<>(numbers("model/", model));
      judged.opponents().forEach(player -> all.putAll(numbers("judge/", player.module())));
      return all;
    }

    private static Map<String, List<Float>> numbers(String prefix, Module module) {
      Map<String, List<Float>> numbers = new LinkedHashMap<>();
      Parameters.all(module)
          .forEach(
              (name, tensor) -> {
                List<Float> values = new ArrayList<>();
                for (float value : Tensors.floats(tensor)) {
                  values.add(value);
                }
                numbers.put(prefix + name, values);
              });
      return numbers;
    }
  }

  /** Stops after {@code last}; its batches are drawn from LibTorch's generator. */
  private Sides sides(Recipe recipe, long seed, long last, List<StepReport> reports)
      throws IOException {
    RandomState.seed(seed);
    Autoencoder model = Run.autoencoder(recipe);
    Judgement judged = Judgement.of(recipe, Devices.cpu());
    Trainer trainer =
        new Trainer(
            model,
            recipe.training(),
            batch -> {
              Tensor images = torch.randn(4, 3, 32, 32).tanh();
              Map<String, Tensor> parts =
                  judged.loss().autoencoder(model, model.forward(images, 0), images, batch);
              return new Losses(parts.values().stream().reduce(Tensor::add).orElseThrow(), parts);
            });
    judged.opponents().forEach(trainer::against);
    trainer.checkpoints(folder.resolve("c"), RecipeJson.write(recipe), 100).every(1, reports::add);
    trainer.every(
        1,
        report -> {
          if (report.step() == last) {
            trainer.stop();
          }
        });
    return new Sides(model, judged, trainer);
  }

  @Test
  void bothSidesResumeBitEqual() throws IOException {
    List<StepReport> whole = new ArrayList<>();
    Sides straight = sides(RECIPE, 1, 6, whole);
    assertThat(straight.trainer().run()).isTrue();
    List<StepReport> parts = new ArrayList<>();
    assertThat(sides(RECIPE, 1, 3, parts).trainer().run()).isFalse();
    Sides resumed = sides(RECIPE, 2, 6, parts);
    resumed.trainer().resume(Checkpoint.read(folder.resolve("c")));
    assertThat(resumed.trainer().run()).isTrue();
    assertThat(parts).isEqualTo(whole);
    assertThat(resumed.weights()).isEqualTo(straight.weights());
    assertThat(whole.get(0).parts()).doesNotContainKeys("adversarial", "discriminator");
    assertThat(whole.get(1).parts())
        .containsKeys("discriminator", "discriminator/real", "discriminator/made")
        .doesNotContainKeys("adversarial", "discriminator/weight");
    assertThat(whole.get(2).parts()).containsKeys("adversarial", "discriminator/weight");
  }

  @Test
  void aWeightOfZeroTrainsAsIfThereWereNoDiscriminator() throws IOException {
    Recipe without = RECIPE.with("adversarial-weight", 0.0);
    Recipe never = RECIPE.with("adversarial-start", 100);
    Sides plain = sides(without, 1, 6, new ArrayList<>());
    assertThat(plain.judged().opponents()).isEmpty();
    Sides late = sides(never, 1, 6, new ArrayList<>());
    RandomState.seed(3);
    plain.trainer().run();
    RandomState.seed(3);
    late.trainer().run();
    plain
        .weights()
        .forEach((name, values) -> assertThat(late.weights()).containsEntry(name, values));
  }

  @Test
  void everyArchitectureTrainsAgainstADiscriminator() throws IOException {
    for (String architecture : List.of("hierarchy", "continuous")) {
      List<StepReport> reports = new ArrayList<>();
      Recipe recipe = RECIPE.with("architecture", architecture);
      assertThat(sides(recipe, 1, 6, reports).trainer().run()).isTrue();
      assertThat(reports.get(5).parts()).containsKeys("reconstruction", "adversarial");
    }
  }
}
