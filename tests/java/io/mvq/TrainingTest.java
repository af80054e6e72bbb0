package io.mvq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.cli.Main;
import io.mvq.run.Identity;
import io.mvq.run.Run;
import io.mvq.tensor.ComputeThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {
  @TempDir static Path home;
  private static Path photos;

  @BeforeAll
  static void draw() throws IOException {
    photos = TinyRun.photos(home.resolve("photos"));
  }

  @Test
  void aListenerSeesEveryStepAndCancels() throws IOException {
    Path folder = home.resolve("seen");
    List<String> seen = new ArrayList<>();
    boolean done =
        Training.begin(TinyRun.recipe(photos), folder)
            .run(
                step -> {
                  assertThat(step.loss()).isFinite();
                  seen.add(step.stage() + " " + step.step() + " of " + step.steps());
                  return seen.size() < 4;
                });
    assertThat(done).isFalse();
    assertThat(seen).hasSize(4).startsWith("mvq 1 of 6").endsWith("mvq 4 of 6");
    assertThatThrownBy(() -> Training.begin(TinyRun.recipe(photos), folder))
        .hasMessageContaining("already holds a run; Training.resume continues it");
    seen.clear();
    assertThat(Training.resume(folder).run(step -> seen.add(step.stage() + " " + step.step())))
        .isTrue();
    assertThat(seen).containsExactly("mvq 5", "mvq 6", "mvq prior 1", "mvq prior 2", "mvq prior 3");
  }

  /** With as many threads: sums are rounded in another order otherwise. */
  @Test
  void theCommandTrainsTheSameModelAndContinuesWhatThisBegan() throws IOException {
    ComputeThreads.set(1);
    Path whole = TinyRun.train(home.resolve("whole"), photos);
    Path begun = home.resolve("begun");
    Training.begin(TinyRun.recipe(photos), begun).run(step -> step.step() < 3);
    List<String> resume = List.of("train", "--out", begun + "", "--resume", "--threads", "1");
    assertThat(Main.run(resume.toArray(String[]::new))).isZero();
    assertThat(Identity.of(new Run(begun))).isEqualTo(Identity.of(new Run(whole)));
    Training.replace(TinyRun.recipe(photos, "seed", "5"), begun).run();
    assertThat(Identity.of(new Run(begun))).isNotEqualTo(Identity.of(new Run(whole)));
  }

  @Test
  void whatCannotBeTrainedIsSaid() {
    assertThatThrownBy(() -> Training.resume(home.resolve("none")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("none holds no run to resume; Training.begin begins one");
    assertThatThrownBy(
            () -> Training.begin(TinyRun.recipe(home.resolve("gone")), home.resolve("x")).run())
        .hasMessageContaining("which is no folder");
    assertThatThrownBy(
            () -> Training.begin(TinyRun.recipe(photos, "batch", "500"), home.resolve("y")).run())
        .hasMessageContaining("fewer than a batch of 500");
  }
}
