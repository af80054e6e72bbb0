package io.mvq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code mvq sample --guidance} of priors that can be guided and of those that cannot. */
class GuidanceTest extends TrainedRun {
  private static final String CONDITIONAL = "--prior-conditional";

  private static Call sample(Path of, String... more) {
    List<String> args = new ArrayList<>(List.of("sample", of.toString(), "--count", "6"));
    args.addAll(Arrays.asList(more));
    return call(args.toArray(String[]::new));
  }

  @Test
  void guidanceOneIsTheClassAsItWasLearnedAndNoneIsNoClass() throws IOException {
    Path of = home.resolve("guided");
    String[] settings = {
      CONDITIONAL, "true", "--prior-steps", "80", "--prior-learning-rate", "0.01"
    };
    assertThat(train(of, settings).err()).isEmpty();
    Path plain = home.resolve("plain.png");
    assertThat(sample(of, "--class", "dark", "--out", plain.toString()).err()).isEmpty();
    Path any = home.resolve("any.png");
    assertThat(sample(of, "--out", any.toString()).err()).isEmpty();
    assertThat(Files.mismatch(plain, any)).isNotNegative();
    for (String strength : List.of("1", "0", "100")) {
      Path guided = home.resolve(strength + ".png");
      String[] asked = {"--class", "dark", "--guidance", strength, "--out", guided.toString()};
      assertThat(sample(of, asked).err()).isEmpty();
    }
    assertThat(Files.mismatch(home.resolve("1.png"), plain)).isNegative();
    assertThat(Files.mismatch(home.resolve("0.png"), any)).isNegative();
    assertThat(sample(of, "--guidance", "2").err())
        .isEqualTo("mvq: --guidance follows a class: name one with --class\n");
    Call measured = call("evaluate", of.toString(), "--guidance", "1,2.5", "--feature-steps", "60");
    assertThat(measured.err()).isEmpty();
    assertThat(measured.out())
        .containsPattern(
            "guidance 1.0: [0-9.]+ % of \\d+ samples are taken for their class, Frechet distance")
        .contains("guidance 2.5: ");
    assertThat(call("evaluate", of.toString(), "--guidance", "1,-2").err())
        .startsWith("mvq: guidance must be in 0..100 (1 as learned), got -2.0");
    for (String strength : List.of("-1", "101", "NaN")) {
      assertThat(sample(of, "--class", "dark", "--guidance", strength).err())
          .startsWith("mvq: guidance must be in 0..100 (1 as learned), got ");
    }
  }

  @Test
  void aPriorThatNeverLearnedWithoutAClassSaysSoAndDrawsAnyOfThem() {
    Path of = home.resolve("always");
    assertThat(train(of, CONDITIONAL, "true", "--prior-class-dropout", "0").err()).isEmpty();
    assertThat(sample(of, "--class", "dark", "--guidance", "2").err())
        .isEqualTo(
            "mvq: guidance must be 1: this prior never learned without a class; train it with"
                + " --prior-class-dropout above 0, got 2.0\n");
    assertThat(sample(of).err()).isEmpty();
    assertThat(train(home.resolve("no"), "--prior-class-dropout", "1").err())
        .startsWith("mvq: --prior-class-dropout must be ");
  }

  @Test
  void aPriorWithoutClassesSaysWhatItNeeds() {
    assertThat(call("evaluate", run.toString(), "--guidance", "2").err())
        .startsWith("mvq: --guidance needs a prior that knows classes");
    assertThat(sample(run, "--guidance", "2").err())
        .isEqualTo(
            "mvq: --guidance needs a prior that knows classes; train with --prior-conditional"
                + " true\n");
  }
}
