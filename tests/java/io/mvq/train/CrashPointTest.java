package io.mvq.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.mvq.files.FaultyDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Training whose system calls fail, or end with the process, one by one: whatever the call, the run
 * resumes to the same tensors.
 */
class CrashPointTest {
  private static final int STEPS = 6;

  @TempDir Path folder;

  private Path checkpoint() {
    return folder.resolve("run/checkpoint");
  }

  private Trainer trainer(Toy toy) {
    return new Trainer(toy, Toy.training(STEPS), toy).checkpoints(checkpoint(), Toy.RECIPE, 2);
  }

  /** Weights and average at the end. */
  private static List<Map<String, List<Float>>> end(Toy toy, Trainer trainer) {
    return List.of(toy.numbers(), Toy.numbers(trainer.checkpoint(Toy.RECIPE).average()));
  }

  @Test
  void whateverSystemCallIsTheLastTheRunResumesToTheSameTensors() throws IOException {
    Toy straight = new Toy(7);
    Trainer whole = trainer(straight);
    assertThat(whole.run()).isTrue();
    List<Map<String, List<Float>>> expected = end(straight, whole);
    for (FaultyDisk.Fault fault : FaultyDisk.Fault.values()) {
      int last = 1;
      for (boolean finished = false; !finished; last++) {
        delete(folder.resolve("run"));
        finished = !isCut(new FaultyDisk(last, fault));
        Toy resumed = new Toy(7);
        Trainer trainer = trainer(resumed);
        long from = 0;
        if (Checkpoint.exists(checkpoint())) {
          Checkpoint found = Checkpoint.read(checkpoint());
          from = found.step();
          trainer.resume(found);
        }
        assertThat(from).as(fault + " at call " + last).isIn(0L, 2L, 4L, 6L);
        assertThat(trainer.run()).isTrue();
        assertThat(end(resumed, trainer)).as(fault + " at call " + last).isEqualTo(expected);
        assertThat(Checkpoint.read(checkpoint()).step()).isEqualTo(STEPS);
      }
      assertThat(last).as("calls of three checkpoints").isGreaterThan(60);
    }
  }

  /** Trains until the disk's fault ends it. @return whether it did */
  private boolean isCut(FaultyDisk disk) throws IOException {
    Toy toy = new Toy(7);
    try {
      trainer(toy).on(disk).run();
      return false;
    } catch (IOException | FaultyDisk.Stopped e) {
      return true;
    } finally {
      disk.losePower();
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (var files = Files.walk(folder)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
