package io.mvq.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.recipe.Recipe;
import io.mvq.recipe.RecipeJson;
import io.mvq.tensor.Parameters;
import io.mvq.tensor.RandomState;
import io.mvq.tensor.Tensors;
import io.mvq.train.Checkpoint;
import io.mvq.train.Losses;
import io.mvq.train.Step;
import io.mvq.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Systems with schedules and with random numbers of their own, stopped and continued. */
class ResumedSchedulesTest {
  private static final int STEPS = 4;

  @TempDir Path folder;

  private static Recipe recipe(String system) {
    return Recipe.ofApplicable(
        Map.of(
            "side",
            32,
            "steps",
            STEPS,
            "system",
            system,
            "width",
            8,
            "codes",
            8,
            "mask-width",
            4,
            "masks",
            "gates",
            "gate-share",
            0.4,
            "mixture-weight",
            0.25,
            "soft-top",
            3));
  }

  private static TokenAutoencoder fresh(Recipe recipe, Tensor images) {
    RandomState.seed(7);
    TokenAutoencoder model = (TokenAutoencoder) Run.autoencoder(recipe);
    model.initialize(images);
    return model;
  }

  /** The step of a run: images, and progress by the batch's number. */
  private static Step step(TokenAutoencoder model, Tensor images) {
    return number -> {
      Map<String, Tensor> parts = model.forward(images, (double) number / STEPS).losses();
      return new Losses(parts.values().stream().reduce(Tensor::add).orElseThrow(), parts);
    };
  }

  @Test
  void aResumedRunEqualsAnUnbrokenOne() throws IOException {
    torch.manual_seed(1);
    Tensor images = torch.randn(16, 3, 32, 32);
    for (String system : List.of("gumbel", "mvq")) {
      Recipe recipe = recipe(system);
      TokenAutoencoder whole = fresh(recipe, images);
      new Trainer(whole, recipe.training(), step(whole, images)).run();

      TokenAutoencoder half = fresh(recipe, images);
      Trainer first = new Trainer(half, recipe.training(), step(half, images));
      Path place = folder.resolve(system);
      first
          .checkpoints(place, RecipeJson.write(recipe), 100)
          .every(2, report -> first.stop())
          .run();
      assertThat(first.done()).isEqualTo(2);

      RandomState.seed(99);
      TokenAutoencoder again = (TokenAutoencoder) Run.autoencoder(recipe);
      Trainer second = new Trainer(again, recipe.training(), step(again, images));
      assertThat(second.resume(Checkpoint.read(place)).run()).isTrue();

      Map<String, float[]> expected = new HashMap<>();
      Parameters.all(whole).forEach((name, value) -> expected.put(name, Tensors.floats(value)));
      Parameters.all(again)
          .forEach(
              (name, value) ->
                  assertThat(Tensors.floats(value)).as(name).isEqualTo(expected.get(name)));
    }
  }
}
