package io.mvq.reproduce;

import static org.assertj.core.api.Assertions.assertThat;

import io.mvq.run.Result;
import io.mvq.tensor.Devices;
import io.mvq.train.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny comparison from beginning to end. */
class ReproductionTest {
  private static Reproduction reproduction(long steps, Path folder, String... sections) {
    return TinyReproduction.of(
        steps,
        folder,
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
        sections);
  }

  private static Trials trials(Protocol protocol, Path folder) {
    return new Trials(
        protocol,
        folder,
        TinyReproduction.PIXELS,
        Devices.cpu(),
        Progress.Style.NONE,
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
  }

  @Test
  void whatHasFinishedIsNeverTrainedAgainUnlessItsRecipeChanges(@TempDir Path folder)
      throws IOException {
    Path result = folder.resolve("trials.jsonl");
    assertThat(reproduction(2, folder, "VQ against").train()).isTrue();
    reproduction(2, folder, "VQ against").combine();
    String text = reproduction(2, folder, "VQ against").report();
    assertThat(text)
        .contains(
            "4 of 4 trials",
            "pixels of 2x2 thumbnails",
            "| Frechet distance of samples",
            "| codes used |",
            "small classifier (half of emoji, 99 classes",
            "| images combine smoothly");
    assertThat(Files.readString(folder.resolve("reproduce.json")))
        .contains("\"claim\"", "\"verdict\"", "\"tokens\" : 5");
    assertThat(folder.resolve("samples-emoji.png")).exists();
    assertThat(Files.readString(folder.resolve("report.html")))
        .contains("4 of 4 trials", "On features of pixels of 2x2 thumbnails", "images of the set")
        .containsPattern("<td class=\"(holds|fails)\">(not )?reproduced</td>")
        .contains(
            "--scale tiny --data emoji --only &#39;VQ against MVQ, 2 tokens&#39; --out FOLDER")
        .contains("<code>mvq train ", "--codes 4");
    FileTime before = Files.getLastModifiedTime(result);
    assertThat(reproduction(2, folder, "VQ against").train()).isTrue();
    assertThat(Files.getLastModifiedTime(result)).isEqualTo(before);
    assertThat(reproduction(3, folder, "VQ against").report()).contains("0 of 4 trials");
  }

  @Test
  void whatHasFinishedInTheOtherPrecisionCounts(@TempDir Path folder) throws IOException {
    Trial trial = new Trial("emoji", Contestant.VQ, 2, 4, 1);
    Protocol protocol = TinyReproduction.protocol(2);
    trials(protocol, folder).finish(trial);
    Trials others = trials(protocol.bf16(), folder);
    assertThat(others.finished(List.of(trial)))
        .extracting(TrialResult::bf16)
        .containsExactly(false);
    Path result = folder.resolve("trials.jsonl");
    List<String> before = Files.readAllLines(result);
    assertThat(others.finish(trial)).isEqualTo(Trials.Outcome.DONE);
    assertThat(Files.readAllLines(result)).isEqualTo(before);
  }

  @Test
  void aRunOfAnotherRecipeIsNotContinued(@TempDir Path used, @TempDir Path fresh)
      throws IOException {
    Trial trial = new Trial("emoji", Contestant.MVQ, 2, 4, 1);
    assertThat(trials(TinyReproduction.protocol(2), used).finish(trial))
        .isEqualTo(Trials.Outcome.DONE);
    List<Result.Frechet> distances = new ArrayList<>();
    for (Path folder : List.of(used, fresh)) {
      Trials trials = trials(TinyReproduction.protocol(3), folder);
      assertThat(trials.finish(trial)).isEqualTo(Trials.Outcome.DONE);
      distances.add(trials.finished(List.of(trial)).get(0).results().get(0).frechet());
    }
    assertThat(distances.get(0)).isEqualTo(distances.get(1));
  }

  @Test
  void diffusionAndTwoLevelsAreTrialsLikeAnyOther(@TempDir Path folder) throws IOException {
    Trials trials = trials(TinyReproduction.protocol(2), folder);
    for (Contestant one : List.of(Contestant.DIFFUSION, Contestant.HIERARCHY_MVQ)) {
      Trial trial = new Trial("emoji", one, 5, 4, 1);
      assertThat(trials.finish(trial)).isEqualTo(Trials.Outcome.DONE);
      TrialResult result = trials.finished(List.of(trial)).get(0);
      assertThat(result.results().get(0).frechet().samples()).isPositive();
      assertThat(result.results().get(0).frechet().real())
          .isPositive() // of images that differ, whatever the model
          .isLessThan(result.results().get(0).frechet().samples());
    }
  }
}
