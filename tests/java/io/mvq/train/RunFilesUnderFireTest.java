package io.mvq.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.mvq.files.Fire;
import io.mvq.files.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Readers of what a run leaves against damaged files; what a checksum covers is never misread. */
@Timeout(36_000)
class RunFilesUnderFireTest {
  @TempDir Path folder;
  private Path checkpoint;
  private List<Map<String, List<Float>>> sound;

  @BeforeEach
  void train() throws IOException {
    checkpoint = folder.resolve("checkpoint");
    Toy toy = new Toy(1);
    new Trainer(toy, Toy.training(2), toy).checkpoints(checkpoint, Toy.RECIPE, 2).run();
    sound = numbers();
  }

  private List<Map<String, List<Float>>> numbers() throws IOException {
    try (PointerScope scope = new PointerScope()) {
      Checkpoint read = Checkpoint.read(checkpoint);
      return List.of(Toy.numbers(read.weights()), Toy.numbers(read.average()));
    }
  }

  private void fire(Path file, Fire.Reader reader) throws IOException {
    Fire.at(file, Files.readAllBytes(file), reader);
  }

  @Test
  void aCheckpointGivesItsValuesOrNone() throws IOException {
    for (String name : List.of("model.safetensors", "training.safetensors", Manifest.FILE)) {
      fire(checkpoint.resolve(name), file -> assertThat(numbers()).isEqualTo(sound));
    }
    fire(checkpoint.resolve("recipe.json"), file -> Checkpoint.read(checkpoint));
  }

  @Test
  void tensorsWithoutChecksums() throws IOException {
    Path file = folder.resolve("tensors.safetensors");
    Files.copy(checkpoint.resolve("model.safetensors"), file);
    fire(
        file,
        damaged -> {
          try (PointerScope scope = new PointerScope()) {
            Safetensors.read(damaged);
          }
        });
  }

  /** It never blocks a run: what is no line is left out. */
  @Test
  void aLogGivesItsGoodLines() throws IOException {
    Path run = folder.resolve("run");
    try (RunLog log = new RunLog(run, 0)) {
      for (int step = 1; step <= 5; step++) {
        log.scalar(step, "loss", 0.5 * step);
      }
    }
    Path csv = run.resolve(RunLog.CSV);
    fire(
        csv,
        damaged -> {
          assertThat(RunLog.read(damaged)).hasSizeLessThanOrEqualTo(10);
          byte[] before = Files.readAllBytes(damaged);
          new RunLog(run, 3).close();
          assertThat(RunLog.isDamaged(damaged)).isFalse();
          Files.write(damaged, before);
        });
  }
}
