package io.mvq.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.files.Manifest;
import io.mvq.tensor.Parameters;
import io.mvq.tensor.RandomState;
import io.mvq.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  @TempDir Path folder;

  private Path checkpoint() {
    return folder.resolve("run/checkpoint");
  }

  private Trainer trainer(Toy toy, long steps, int accumulate, List<StepReport> reports) {
    Trainer trainer = new Trainer(toy, Toy.training(10, accumulate, 1, 0.999), toy);
    trainer.every(1, reports::add).checkpoints(checkpoint(), Toy.RECIPE, 5);
    return trainer.every(
        1,
        report -> {
          if (report.step() == steps) {
            trainer.stop();
          }
        });
  }

  @Test
  void resumedTrainingIsBitEqualToUninterruptedTraining() throws IOException {
    for (int accumulate : new int[] {1, 3}) {
      List<StepReport> whole = new ArrayList<>();
      Toy straight = new Toy(7);
      Trainer straightTrainer = trainer(straight, 10, accumulate, whole);
      assertThat(straightTrainer.run()).isTrue();

      List<StepReport> parts = new ArrayList<>();
      Trainer before = trainer(new Toy(7), 5, accumulate, parts);
      assertThat(before.run()).isFalse();
      torch.rand(99); // whatever happens in between
      Toy resumed = new Toy(8); // other weights, to be overwritten
      Trainer after = trainer(resumed, 10, accumulate, parts);
      after.resume(Checkpoint.read(checkpoint()));
      assertThat(after.done()).isEqualTo(5);
      assertThat(after.run()).isTrue();

      assertThat(parts).isEqualTo(whole);
      assertThat(resumed.numbers()).isEqualTo(straight.numbers());
      assertThat(Toy.numbers(after.checkpoint(Toy.RECIPE).average()))
          .isEqualTo(Toy.numbers(straightTrainer.checkpoint(Toy.RECIPE).average()));
      assertThat(resumed.calls()).isEqualTo(10);
    }
  }

  @Test
  void opponentsResumeBitEqualWhetherTheyJoinedBeforeOrAfter() throws IOException {
    for (int from : new int[] {0, 3, 7}) {
      for (int accumulate : new int[] {1, 2}) {
        List<StepReport> whole = new ArrayList<>();
        Toy straight = new Toy(7);
        Rival straightRival = new Rival(straight, from);
        trainer(straight, 10, accumulate, whole).against(straightRival.player()).run();

        List<StepReport> parts = new ArrayList<>();
        Toy toy = new Toy(7);
        trainer(toy, 5, accumulate, parts).against(new Rival(toy, from).player()).run();
        Toy resumed = new Toy(8);
        Rival resumedRival = new Rival(resumed, from);
        Trainer after = trainer(resumed, 10, accumulate, parts).against(resumedRival.player());
        after.resume(Checkpoint.read(checkpoint()));
        assertThat(after.run()).isTrue();

        assertThat(parts).isEqualTo(whole);
        assertThat(resumed.numbers()).isEqualTo(straight.numbers());
        assertThat(resumedRival.numbers()).isEqualTo(straightRival.numbers());
        assertThat(resumedRival.calls()).isEqualTo(10 - from);
      }
    }
  }

  @Test
  void aCheckpointWithoutTheOpponentIsRefused() throws IOException {
    trainer(new Toy(1), 2, 1, new ArrayList<>()).run();
    Checkpoint read = Checkpoint.read(checkpoint());
    Toy toy = new Toy(3);
    Trainer trainer = trainer(toy, 9, 1, new ArrayList<>()).against(new Rival(toy, 0).player());
    assertThatThrownBy(() -> trainer.resume(read))
        .hasMessage("the checkpoint has no rival; was it made by another recipe?");
  }

  @Test
  void theRandomStateAndTheAverageAreWhatWasSaved() throws IOException {
    Toy toy = new Toy(1);
    trainer(toy, 5, 1, new ArrayList<>()).run();
    float next = torch.rand(1).item_float();
    Checkpoint read = Checkpoint.read(checkpoint());
    RandomState.restore(read.training().get("random"));
    assertThat(torch.rand(1).item_float()).isEqualTo(next);
    assertThat(read.step()).isEqualTo(5);
    assertThat(read.recipe()).isEqualTo(Toy.RECIPE);
    assertThat(read.weights().keySet()).contains("in.weight", "mean");
    assertThat(read.average().keySet()).contains("in.weight").doesNotContain("mean");

    Toy use = new Toy(2);
    read.loadForUse(use);
    assertThat(use.numbers().get("in.weight"))
        .isEqualTo(Toy.numbers(read.average()).get("in.weight"))
        .isNotEqualTo(toy.numbers().get("in.weight"));
    assertThat(use.numbers().get("mean")).isEqualTo(toy.numbers().get("mean"));
    read.load(use);
    assertThat(use.numbers()).isEqualTo(toy.numbers());
  }

  @Test
  void theTrainingFileMayBeRemovedButThenNothingResumes() throws IOException {
    trainer(new Toy(1), 2, 1, new ArrayList<>()).run();
    Files.delete(checkpoint().resolve("training.safetensors"));
    Checkpoint read = Checkpoint.read(checkpoint());
    read.loadForUse(new Toy(3));
    assertThatThrownBy(() -> trainer(new Toy(3), 9, 1, new ArrayList<>()).resume(read))
        .hasMessage("the checkpoint has no training.safetensors: it can be used, not resumed");
  }

  @Test
  void aFailedWriteKeepsThePreviousCheckpoint() throws IOException {
    trainer(new Toy(1), 3, 1, new ArrayList<>()).run();
    Checkpoint good = Checkpoint.read(checkpoint());
    Tensor complex = torch.zeros(new long[] {1}, Tensors.options(ScalarType.ComplexFloat));
    Checkpoint bad =
        new Checkpoint(good.recipe(), 4, good.weights(), Map.of(), Map.of("x", complex));
    assertThatThrownBy(() -> bad.write(checkpoint())).hasMessageContaining("tensor x is of type");
    assertThat(Checkpoint.read(checkpoint()).step()).isEqualTo(3);
    try (var left = Files.list(checkpoint().getParent())) {
      assertThat(left.map(path -> path.getFileName().toString())).containsExactly("checkpoint");
    }
  }

  @Test
  void anUnwritablePlaceIsNamed() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    Checkpoint any = new Checkpoint(Toy.RECIPE, 4, Map.of(), Map.of(), Map.of());
    assertThatThrownBy(() -> any.write(file.resolve("checkpoint")))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("could not write the checkpoint of step 4 to " + file);
  }

  @Test
  void corruptForeignMixedAndNewerFilesAreNamed() throws IOException {
    assertThat(Checkpoint.exists(checkpoint())).isFalse();
    assertThatThrownBy(() -> Checkpoint.read(checkpoint()))
        .hasMessage(
            checkpoint() + " is not a checkpoint: it has no model.safetensors with a recipe.json");
    trainer(new Toy(1), 2, 1, new ArrayList<>()).run();
    assertThat(Checkpoint.exists(checkpoint())).isTrue();
    Path model = checkpoint().resolve("model.safetensors");
    byte[] sound = Files.readAllBytes(model);

    Files.write(model, Arrays.copyOf(sound, sound.length - 1));
    Manifest.seal(checkpoint());
    assertThatThrownBy(() -> Checkpoint.read(checkpoint()))
        .hasMessageContaining("model.safetensors is not a sound safetensors file: tensor");
    Files.copy(
        Path.of("tests/golden/layout.safetensors"), model, StandardCopyOption.REPLACE_EXISTING);
    Manifest.seal(checkpoint());
    assertThatThrownBy(() -> Checkpoint.read(checkpoint()))
        .hasMessageContaining("was not written by mvq");
    rewrite(model, Map.of("mvq_format", "3", "step", "2"));
    Manifest.seal(checkpoint());
    assertThatThrownBy(() -> Checkpoint.read(checkpoint()))
        .hasMessageContaining("has format 3, newer than the 2 this program reads; update mvq");
    rewrite(model, Map.of("mvq_format", "1", "step", "two"));
    Manifest.seal(checkpoint());
    assertThatThrownBy(() -> Checkpoint.read(checkpoint())).hasMessageContaining("damaged");
    rewrite(model, Map.of("mvq_format", "1", "step", "1"));
    Manifest.seal(checkpoint());
    assertThatThrownBy(() -> Checkpoint.read(checkpoint()))
        .hasMessageContaining("training.safetensors is of step 2, model.safetensors of step 1");
    Files.write(model, sound);
    Files.delete(checkpoint().resolve("recipe.json"));
    assertThatThrownBy(() -> Checkpoint.read(checkpoint()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it has no model.safetensors with a recipe.json");
  }

  private static void rewrite(Path file, Map<String, String> notes) throws IOException {
    Files.delete(file);
    new Safetensors(Map.of(), notes).write(file);
  }

  @Test
  void weightsOfAnotherModelAreRefusedBeforeAnyIsCopied() throws IOException {
    trainer(new Toy(1), 1, 1, new ArrayList<>()).run();
    Checkpoint read = Checkpoint.read(checkpoint());
    assertThatThrownBy(() -> read.load(new LinearImpl(3, 2)))
        .hasMessageContaining("the checkpoint has in.weight, which this model lacks");
    Map<String, Tensor> linear = Parameters.all(new LinearImpl(3, 2));
    Map<String, Tensor> wider = Parameters.all(new LinearImpl(4, 2));
    assertThatThrownBy(() -> Checkpoint.copy(linear, wider, "the checkpoint"))
        .hasMessage("the checkpoint's weight must have shape (2, 4), got (2, 3)");
    assertThatThrownBy(() -> Checkpoint.copy(Map.of(), wider, "the checkpoint"))
        .hasMessageStartingWith("the checkpoint lacks weight");
  }

  @Test
  void aDamagedOptimizerStateIsNamed() {
    Toy toy = new Toy(1);
    WeightUpdate update = new WeightUpdate(Parameters.trained(toy), Toy.training(10));
    Map<String, Tensor> sound = update.state();
    assertThatThrownBy(() -> update.restore(Map.of()))
        .hasMessage("the saved optimizer state has no step count for each of the 4 parameters");
    assertThatThrownBy(
            () -> update.restore(Map.of("steps", Tensors.of(new long[] {1, 0, 0, 0}, 4))))
        .hasMessage("the saved optimizer state lacks mean/in.weight");
    Map<String, Tensor> more = new LinkedHashMap<>(sound);
    more.put("mean/other", Tensors.zeros(1));
    assertThatThrownBy(() -> update.restore(more))
        .hasMessage("the saved optimizer state has mean/other, which belongs to no parameter here");
    Map<String, Tensor> wide = new LinkedHashMap<>();
    wide.put("steps", Tensors.of(new long[] {1, 0, 0, 0}, 4));
    wide.put("mean/in.weight", Tensors.zeros(2, 2));
    assertThatThrownBy(() -> update.restore(wide)).hasMessageContaining("must have shape (16, 6)");
    update.restore(sound);
  }

  @Test
  void aCheckpointOfFormat1IsUsedButNotResumed() throws IOException {
    Toy toy = new Toy(1);
    trainer(toy, 2, 1, new ArrayList<>()).run();
    Checkpoint written = Checkpoint.read(checkpoint());
    Map<String, String> notes = Map.of("mvq_format", "1", "step", "2");
    Files.delete(checkpoint().resolve("model.safetensors"));
    new Safetensors(written.weights(), notes).write(checkpoint().resolve("model.safetensors"));
    Files.delete(checkpoint().resolve("training.safetensors"));
    Map<String, Tensor> archive =
        Map.of("optimizer", Tensors.of(new byte[100], 100), "random", RandomState.save());
    new Safetensors(archive, notes).write(checkpoint().resolve("training.safetensors"));
    Files.delete(checkpoint().resolve(Manifest.FILE));

    Checkpoint old = Checkpoint.read(checkpoint());
    Toy use = new Toy(3);
    old.load(use);
    assertThat(use.numbers()).isEqualTo(toy.numbers());
    assertThatThrownBy(() -> trainer(new Toy(3), 9, 1, new ArrayList<>()).resume(old))
        .hasMessageStartingWith(
            "the checkpoint is of format 1, whose optimizer state is a program");
  }

  @Test
  void oneFlippedBitIsFoundInEveryFile() throws IOException {
    trainer(new Toy(1), 2, 1, new ArrayList<>()).run();
    for (String name : List.of("model.safetensors", "training.safetensors", "recipe.json")) {
      Path file = checkpoint().resolve(name);
      byte[] sound = Files.readAllBytes(file);
      byte[] flipped = sound.clone();
      flipped[sound.length - 3] ^= 1;
      Files.write(file, flipped);
      assertThatThrownBy(() -> Checkpoint.read(checkpoint()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(name + " is damaged: its SHA-256 is ");
      Files.write(file, sound);
    }
    Checkpoint.read(checkpoint());
    Files.delete(checkpoint().resolve(Manifest.FILE));
    assertThatThrownBy(() -> Checkpoint.read(checkpoint()))
        .hasMessageContaining("has no SHA256SUMS, by which its files are checked");
  }

  @Test
  void equalWeightsGiveEqualBytes() throws IOException {
    trainer(new Toy(1), 2, 1, new ArrayList<>()).run();
    Checkpoint read = Checkpoint.read(checkpoint());
    Path again = folder.resolve("again");
    Map<String, Tensor> turned = new LinkedHashMap<>();
    List<String> names = new ArrayList<>(read.training().keySet());
    Collections.reverse(names);
    names.forEach(name -> turned.put(name, read.training().get(name)));
    new Checkpoint(read.recipe(), read.step(), read.weights(), read.average(), turned).write(again);
    for (String name : List.of("model.safetensors", "training.safetensors", Manifest.FILE)) {
      assertThat(again.resolve(name)).hasSameBinaryContentAs(checkpoint().resolve(name));
    }
  }
}
