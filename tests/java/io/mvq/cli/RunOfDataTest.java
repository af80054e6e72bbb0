package io.mvq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mvq.recipe.Recipe;
import io.mvq.run.DataFacts;
import io.mvq.run.Pipeline;
import io.mvq.run.Run;
import io.mvq.run.RunImages;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Ranks;
import io.mvq.train.CheckpointInterval;
import io.mvq.train.EvaluationInterval;
import io.mvq.train.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run and its images: noted at its start, checked when it goes on, not needed to sample. */
class RunOfDataTest extends TrainedRun {
  /** A run on images of its own that was stopped after 2 of 6 steps. */
  private static Path stopped(String name) throws IOException {
    Path images = copy(photos, home.resolve(name + "-images"));
    Path folder = home.resolve(name);
    Recipe recipe = new Run(run).recipe().with("data", images.toString());
    assertThat(
            new Pipeline(
                    recipe,
                    new Run(folder),
                    false,
                    Progress.Style.NONE,
                    System.out,
                    Devices.cpu(),
                    CheckpointInterval.DEFAULT,
                    EvaluationInterval.NEVER,
                    report -> report.step() < 2,
                    Ranks.ALONE)
                .train(RunImages.of(recipe)))
        .isEmpty();
    return folder;
  }

  private static Call resume(Path folder, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("train", "--out", folder.toString(), "--resume", "--progress", "NONE"));
    args.addAll(List.of(more));
    return call(args.toArray(String[]::new));
  }

  @Test
  void aRunNotesItsImagesBeforeItsFirstStep() throws IOException {
    DataFacts facts = new Run(run).dataFacts();
    assertThat(facts.where()).isEqualTo(photos.toAbsolutePath().toString());
    assertThat(facts.classes()).containsExactly("dark", "light");
    assertThat(facts.training() + facts.heldOut()).isEqualTo(60);
    assertThat(facts.digest()).isEqualTo(RunImages.of(new Run(run).recipe()).set().digest());
    assertThat(call("info", run.toString()).out()).contains("images: " + photos);
  }

  @Test
  void changedImagesAreNamedAndRefusedUnlessAccepted() throws IOException {
    Path folder = stopped("changed");
    Path images = home.resolve("changed-images");
    for (int i = 1; i < 60; i += 2) {
      Files.delete(images.resolve("light").resolve(i + ".png"));
    }
    Files.createDirectories(images.resolve("grey"));
    Files.copy(photos.resolve("light/1.png"), images.resolve("grey/1.png"));
    Call refused = resume(folder);
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err())
        .startsWith("mvq: the images of " + folder + " changed since it was begun: ")
        .containsPattern("\\d+ training images, were \\d+;")
        .contains("classes gone: light; classes new: grey;")
        .contains("--images")
        .contains("mvq train --out " + folder + " --resume --accept-changed-data");
    Call accepted = resume(folder, "--accept-changed-data");
    assertThat(accepted.err()).isEmpty();
    assertThat(accepted.out()).contains("continues from step 2");
    assertThat(new Run(folder).classes()).containsExactly("dark", "grey");
    assertThat(resume(folder).err()).isEmpty();
  }

  @Test
  void aRenamedImageIsAChangeToo() throws IOException {
    Path folder = stopped("renamed");
    Path images = home.resolve("renamed-images/dark");
    Files.move(images.resolve("0.png"), images.resolve("00.png"));
    assertThat(resume(folder).err()).contains("changed since it was begun: ");
  }

  @Test
  void imagesThatMovedAreNamedOnceByAnyCommand() throws IOException {
    Path folder = stopped("moved");
    Path there = home.resolve("moved-images");
    Path elsewhere = Files.move(there, home.resolve("elsewhere"));
    assertThat(resume(folder).err()).contains(there.toString());
    assertThat(resume(folder, "--images", elsewhere.toString()).err()).isEmpty();
    assertThat(new Run(folder).dataFacts().where()).isEqualTo(elsewhere.toString());
    assertThat(call("evaluate", folder.toString(), "--feature-steps", "2").err()).isEmpty();
    Path again = Files.move(elsewhere, home.resolve("again"));
    assertThat(call("evaluate", folder.toString(), "--feature-steps", "2").err())
        .contains(elsewhere.toString());
    Call evaluated =
        call("evaluate", folder.toString(), "--feature-steps", "2", "--images", again.toString());
    assertThat(evaluated.err()).isEmpty();
    assertThat(call("evaluate", folder.toString(), "--images", "2000").err())
        .isEqualTo(
            "mvq: --images says where the images are; how many are measured says --count 2000\n");
    String[] combine = {
      "combine",
      folder.toString(),
      "--pairs",
      "1",
      "--steps",
      "3",
      "--distance",
      "PIXELS",
      "--images",
      again.toString()
    };
    assertThat(call(combine).err()).isEmpty();
    assertThat(call("train", "--out", home.resolve("n").toString(), "--images", "x").err())
        .contains("--images, --accept-changed-data and --retrain-prior go with --resume");
  }

  @Test
  void aConditionalRunIsSampledWithoutItsImagesByTheNamesItLearned() throws IOException {
    Path images = copy(photos, home.resolve("gone-images"));
    Path folder = home.resolve("conditional");
    Call trained = train(folder, "--data", images.toString(), "--prior-conditional", "true");
    assertThat(trained.err()).isEmpty();
    String[] light = {"sample", folder.toString(), "--class", "light", "--count", "4", "--out", ""};
    light[7] = home.resolve("first.png").toString();
    assertThat(call(light).err()).isEmpty();
    Files.move(images.resolve("light"), images.resolve("aaa")); // would be class 0 now
    light[7] = home.resolve("second.png").toString();
    assertThat(call(light).err()).isEmpty();
    delete(images);
    light[7] = home.resolve("third.png").toString();
    assertThat(call(light).err()).isEmpty();
    for (String other : List.of("second.png", "third.png")) {
      assertThat(Files.readAllBytes(home.resolve(other)))
          .isEqualTo(Files.readAllBytes(home.resolve("first.png")));
    }
    light[3] = "aaa";
    assertThat(call(light).err()).contains("class must be one of [dark, light], got aaa");
  }

  @Test
  void damagedFactsSayHowTheyComeBack() throws IOException {
    Path folder = copy(run, home.resolve("facts"));
    Path facts = folder.resolve(DataFacts.FILE);
    String text = Files.readString(facts);
    for (String bad : List.of(text.replace("light", "lighu"), text.substring(9), "", "[]", "{}")) {
      Files.writeString(facts, bad);
      assertThat(resume(folder).err())
          .startsWith("mvq: " + facts + " is damaged: ")
          .endsWith("delete it, and mvq train --resume writes it anew from the images\n");
    }
    Files.delete(facts);
    assertThat(resume(folder).err()).isEmpty();
    assertThat(Files.readString(facts)).isEqualTo(text);
  }

  @Test
  void aTableThatIsBrokenBlocksNothing() throws IOException {
    Path folder = stopped("log");
    Path log = folder.resolve("autoencoder/log.csv");
    Files.write(log, new byte[] {(byte) 0xff, 0, 10});
    assertThat(resume(folder).status()).isZero();
    assertThat(Files.readString(log)).startsWith("step,seconds,name,value\n6,");
    Files.write(log, new byte[0]);
    assertThat(call("evaluate", folder.toString(), "--feature-steps", "2").status()).isZero();
  }

  @Test
  void intervalsOfCheckpointsAreGivenAnewAndRefusedInWords() throws IOException {
    Path folder = stopped("interval");
    assertThat(resume(folder, "--checkpoint-steps", "0").err())
        .isEqualTo("mvq: --checkpoint-steps must be at least 1 step, got 0\n");
    assertThat(resume(folder, "--checkpoint-minutes", "-1").err())
        .isEqualTo("mvq: --checkpoint-minutes must be more than 0 minutes, got -1.0\n");
    assertThat(resume(folder, "--checkpoint-steps", "1", "--checkpoint-minutes", "0.01").err())
        .isEmpty();
  }
}
