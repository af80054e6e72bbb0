package io.mvq.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointIntervalTest {
  @TempDir Path folder;

  @Test
  void oneIsDueByStepsOrByTime() {
    CheckpointInterval interval = new CheckpointInterval(10, 0.5);
    assertThat(interval.isDue(10, 0)).isTrue();
    assertThat(interval.isDue(11, 29_999_999_999L)).isFalse();
    assertThat(interval.isDue(11, 30_000_000_000L)).isTrue();
    assertThat(CheckpointInterval.ofSteps(10).isDue(11, Long.MAX_VALUE)).isFalse();
  }

  @Test
  void intervalsThatAreNoneAreRefusedInWords() {
    assertThatThrownBy(() -> new CheckpointInterval(0, 5))
        .hasMessage("checkpoint-steps must be at least 1 step, got 0");
    for (double minutes : new double[] {0, -1, Double.NaN}) {
      assertThatThrownBy(() -> new CheckpointInterval(1, minutes))
          .hasMessage("checkpoint-minutes must be more than 0 minutes, got " + minutes);
    }
  }

  @Test
  void checkpointsByTimeChangeNoNumber() throws IOException {
    List<String> often = new ArrayList<>();
    List<String> never = new ArrayList<>();
    Map<String, List<Float>> first =
        train("often", new CheckpointInterval(1_000_000, 1e-12), often);
    Map<String, List<Float>> second = train("never", CheckpointInterval.ofSteps(1000), never);
    assertThat(first).isEqualTo(second);
    assertThat(new HashSet<>(often)).hasSize(20); // one a step, the last among them
    assertThat(new HashSet<>(never)).isEqualTo(Set.of("none"));
    assertThat(Checkpoint.read(folder.resolve("often")).step()).isEqualTo(20);
    assertThat(Checkpoint.digest(folder.resolve("often")))
        .isEqualTo(Checkpoint.digest(folder.resolve("never")));
  }

  private Map<String, List<Float>> train(
      String name, CheckpointInterval interval, List<String> states) throws IOException {
    Path place = folder.resolve(name);
    Toy toy = new Toy(3);
    new Trainer(toy, Toy.training(20), toy)
        .checkpoints(place, Toy.RECIPE, Map.of(), interval)
        .every(1, report -> states.add(state(place)))
        .run();
    return toy.numbers();
  }

  /** Tells the checkpoints of two steps apart. */
  private static String state(Path place) {
    try {
      Path file = place.resolve("model.safetensors");
      return Files.exists(file) ? Checkpoint.read(place).step() + "" : "none";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void notesAreKeptWithTheWeights() throws IOException {
    Toy toy = new Toy(1);
    new Trainer(toy, Toy.training(1), toy)
        .checkpoints(folder, Toy.RECIPE, Map.of("of", "x"), CheckpointInterval.DEFAULT)
        .run();
    assertThat(Checkpoint.read(folder).notes()).isEqualTo(Map.of("of", "x"));
  }
}
