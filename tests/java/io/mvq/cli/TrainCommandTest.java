package io.mvq.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mvq.recipe.Recipe;
import io.mvq.recipe.RecipeJson;
import io.mvq.run.Pipeline;
import io.mvq.run.Run;
import io.mvq.run.RunImages;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Ranks;
import io.mvq.tensor.Tensors;
import io.mvq.train.Checkpoint;
import io.mvq.train.CheckpointInterval;
import io.mvq.train.EvaluationInterval;
import io.mvq.train.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** {@code mvq train} begun, stopped, resumed and replaced. */
class TrainCommandTest extends TrainedRun {
  @Test
  void whereNoRunIsThereIsNothingToResume() {
    Path nothing = home.resolve("nothing");
    Call call = call("train", "--out", nothing.toString(), "--resume");
    assertThat(call.status()).isEqualTo(2);
    assertThat(call.err())
        .startsWith("mvq: " + nothing + " holds no run to resume; leave out --resume to begin one")
        .endsWith("See mvq train --help\n");
    assertThat(nothing).doesNotExist();
  }

  @Test
  void aReplacedRunLeavesNothingOfTheOldOneAndItsRecipeIsThereBeforeTheFirstStep()
      throws IOException {
    Path out = home.resolve("replaced");
    assertThat(train(out).err()).isEmpty();
    Path recipe = out.resolve("recipe.json");
    Recipe other = RecipeJson.read(Files.readString(recipe), "recipe").with("codes", 5);
    AtomicBoolean wasThere = new AtomicBoolean();
    Pipeline begun =
        new Pipeline(
            other,
            new Run(out),
            false,
            Progress.Style.NONE,
            System.out,
            Devices.cpu(),
            CheckpointInterval.DEFAULT,
            new EvaluationInterval(1),
            report -> {
              wasThere.set(Files.exists(recipe) && !Files.exists(out.resolve("prior/checkpoint")));
              return false;
            },
            Ranks.ALONE);
    assertThat(begun.train(RunImages.of(other))).isEmpty();
    assertThat(wasThere).isTrue();
    assertThat(new Run(out).recipe()).isEqualTo(other);
    assertThat(call("sample", out.toString()).err())
        .isEqualTo("mvq: this run has no trained prior; train it to its end\n");
  }

  @Test
  void aSecondTrainingInTheSameFolderIsRefused() throws IOException {
    Path out = home.resolve("shared");
    List<String> second = new ArrayList<>();
    Recipe recipe = new Run(run).recipe();
    Pipeline first =
        new Pipeline(
            recipe,
            new Run(out),
            false,
            Progress.Style.NONE,
            System.out,
            Devices.cpu(),
            CheckpointInterval.DEFAULT,
            new EvaluationInterval(1),
            report -> {
              second.add(train(out, "--overwrite").err());
              return false;
            },
            Ranks.ALONE);
    assertThat(first.train(RunImages.of(recipe))).isEmpty();
    assertThat(second.get(0)).startsWith("mvq: another process is training in " + out);
  }

  @Test
  void aRunThatIsStoppedAndResumedHasTheWeightsOfOneThatWasNot() throws IOException {
    Path stopped = home.resolve("stopped");
    trainUntil(3, stopped, new Run(run).recipe());
    Call resumed = call("train", "--out", stopped.toString(), "--resume", "--progress", "NONE");
    assertThat(resumed.err()).isEmpty();
    assertThat(resumed.out()).contains("continues from step 3");
    assertThat(call("train", "--out", stopped.toString(), "--resume", "--steps", "9").err())
        .contains("leave out --steps");
    Map<String, Tensor> whole = Checkpoint.read(run.resolve("autoencoder/checkpoint")).weights();
    Map<String, Tensor> again =
        Checkpoint.read(stopped.resolve("autoencoder/checkpoint")).weights();
    assertThat(again.keySet()).isEqualTo(whole.keySet());
    whole.forEach((name, weights) -> assertThat(again.get(name).equal(weights)).as(name).isTrue());
  }

  @Test
  void twoLevelsAgainstADiscriminatorTrainAndSample() throws IOException {
    Path out = home.resolve("levels");
    Call trained =
        train(
            out,
            "--architecture",
            "hierarchy",
            "--adversarial-weight",
            "0.8",
            "--adversarial-start",
            "2",
            "--adversarial-ramp",
            "2",
            "--discriminator-width",
            "4",
            "--pixel-loss",
            "l1");
    assertThat(trained.err()).isEmpty();
    assertThat(Files.readString(out.resolve("autoencoder/log.csv")))
        .contains("loss/adversarial", "loss/discriminator/real");
    Path picture = home.resolve("levels.png");
    assertThat(call("sample", out.toString(), "--out", picture.toString()).err()).isEmpty();
    assertThat(picture).exists();
  }

  @Test
  void latentsWithoutTokensAreTrainedWithDiffusionAndSampled() throws IOException {
    Path out = home.resolve("latents");
    Call trained = train(out, "--architecture", "continuous");
    assertThat(trained.err()).isEmpty();
    assertThat(call("sample", out.toString(), "--count", "4").err()).isEmpty();
    assertThat(out.resolve("samples.png")).exists();
    assertThat(call("sample", out.toString(), "--temperature", "0.5").err())
        .isEqualTo(
            "mvq: diffusion has no temperature, top-k, top-p, classes or guidance; leave these"
                + " out\n");
    Path codes = home.resolve("latents.npz");
    assertThat(call("encode", out.toString(), "--out", codes.toString()).err())
        .startsWith("mvq: a continuous autoencoder has no tokens;");
  }

  @Test
  void aPixelCnnAndLearnedMasksAreTrainedResumedAndSampled() throws IOException {
    String[] learned = {"--prior", "pixelcnn", "--mask-prior", "autoregressive"};
    Path whole = home.resolve("learned");
    Path halves = home.resolve("learned-halves");
    assertThat(train(whole, learned).err()).isEmpty();
    trainUntil(6 + 1, halves, new Run(whole).recipe()); // 1 of the 3 steps of the prior
    assertThat(call("train", "--out", halves.toString(), "--resume", "--progress", "NONE").err())
        .isEmpty();
    for (String stage : List.of("prior", "masks")) {
      Checkpoint first = Checkpoint.read(whole.resolve(stage).resolve("checkpoint"));
      Checkpoint second = Checkpoint.read(halves.resolve(stage).resolve("checkpoint"));
      assertThat(second.step()).isEqualTo(3);
      first
          .weights()
          .forEach(
              (name, weights) ->
                  assertThat(Tensors.floats(second.weights().get(name)))
                      .as(stage + " " + name)
                      .containsExactly(Tensors.floats(weights), within(1e-5f)));
    }
    Path picture = home.resolve("learned.png");
    Call sampled = call("sample", whole.toString(), "--count", "4", "--out", picture.toString());
    assertThat(sampled.err()).isEmpty();
    assertThat(sampled.out()).contains("4 images");
    try (Stream<Path> files = Files.walk(whole.resolve("masks"))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    assertThat(call("sample", whole.toString()).err()).contains("holds no trained mask prior");
    assertThat(train(home.resolve("q"), "--system", "vq", "--mask-prior", "bernoulli").err())
        .isEqualTo("mvq: --mask-prior must be uniform: vq has no masks, got bernoulli\n");
  }

  @Test
  void aRunIsNotOverwrittenUnasked() {
    Call again = train(run);
    assertThat(again.status()).isEqualTo(2);
    assertThat(again.err()).contains("already holds a run; --resume continues it");
  }
}
