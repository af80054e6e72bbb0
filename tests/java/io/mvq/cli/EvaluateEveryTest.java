package io.mvq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mvq.train.RunLog;
import io.mvq.train.RunPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** {@code mvq train --evaluate-every} and what {@code mvq info} says of it. */
class EvaluateEveryTest extends TrainedRun {
  private static Map<String, Double> values(Path stage, long step) throws IOException {
    return RunLog.read(stage.resolve(RunLog.CSV)).stream()
        .filter(row -> row.step() == step && !row.name().startsWith("loss"))
        .collect(Collectors.toMap(RunLog.Row::name, RunLog.Row::value));
  }

  private static List<String> pictures(Path stage) throws IOException {
    return new RunPictures(stage)
        .all().stream().map(picture -> picture.file().getFileName().toString()).toList();
  }

  private static byte[] weights(Path run, String stage) throws IOException {
    return Files.readAllBytes(run.resolve(stage + "/checkpoint/model.safetensors"));
  }

  @Test
  void evaluationsShowEveryStageAndChangeNoByteOfIt() throws IOException {
    Path watched = home.resolve("watched");
    String[] masks = {"--mask-prior", "bernoulli"};
    assertThat(train(watched, "--evaluate-every", "2", masks[0], masks[1]).err()).isEmpty();
    Path unwatched = home.resolve("unwatched");
    assertThat(train(unwatched, "--evaluate-every", "0", masks[0], masks[1]).err()).isEmpty();
    for (String stage : List.of("autoencoder", "prior", "masks")) {
      assertThat(weights(watched, stage)).as(stage).isEqualTo(weights(unwatched, stage));
      assertThat(pictures(unwatched.resolve(stage))).isEmpty();
    }
    Path autoencoder = watched.resolve("autoencoder");
    assertThat(pictures(autoencoder))
        .containsExactly(
            "reconstructions-00000002.png",
            "reconstructions-00000004.png",
            "reconstructions-00000006.png");
    // Rows of images, of winners' masks and of random ones, 32 pixels each and 2 between.
    Path picture = autoencoder.resolve("pictures/reconstructions-00000006.png");
    assertThat(ImageIO.read(picture.toFile()).getHeight()).isEqualTo(3 * 34 - 2);
    Map<String, Double> values = values(autoencoder, 4);
    assertThat(values)
        .containsKeys("held-out/psnr", "held-out/seconds", "codebook/2/used", "masks/distinct");
    assertThat(values.get("codebook/1/perplexity")).isBetween(1.0, 6.0);
    double parts =
        values.entrySet().stream()
            .filter(value -> value.getKey().startsWith("held-out/loss/"))
            .mapToDouble(Map.Entry::getValue)
            .sum();
    assertThat(values.get("held-out/loss")).isEqualTo(parts).isPositive();
    assertThat(pictures(watched.resolve("prior")))
        .containsExactly("samples-00000002.png", "samples-00000003.png");
    assertThat(values(watched.resolve("prior"), 3).get("held-out/loss")).isBetween(0.1, 10.0);
    assertThat(values(watched.resolve("masks"), 2).get("held-out/loss")).isBetween(0.1, 10.0);
  }

  @Test
  void latentsAreShownToo() throws IOException {
    Path out = home.resolve("latents");
    Call trained = train(out, "--architecture", "continuous", "--evaluate-every", "3");
    assertThat(trained.err()).isEmpty();
    assertThat(pictures(out.resolve("prior"))).containsExactly("samples-00000003.png");
    assertThat(values(out.resolve("autoencoder"), 6)).containsKey("held-out/psnr");
    assertThat(call("info", out.toString()).out())
        .contains("prior on held-out images at step 3: loss ")
        .doesNotContain("codebook 1");
  }

  @Test
  void infoSaysHowCodebooksAndMasksAreUsed() throws IOException {
    String said = call("info", run.toString()).out();
    assertThat(said)
        .containsPattern("codebook 1: [1-6] of 6 codes used, perplexity [1-6]\\.\\d, by 1 tokens")
        .containsPattern("masks: \\d+ different ones of \\d+ winners, perplexity ")
        .containsPattern(
            "autoencoder on held-out images at step 6: loss 0\\.\\d+, PSNR \\d+\\.\\d\\d dB;"
                + " codebook 1: [1-6] codes used");
    Path older = copy(run, home.resolve("older"));
    Files.delete(older.resolve("usage.json"));
    assertThat(call("info", older.toString()).out()).doesNotContain("different ones");
    assertThat(call("verify", older.toString()).status()).isZero();
  }

  @Test
  void anIntervalBelowNothingIsRefused() {
    Call refused = train(home.resolve("none"), "--evaluate-every", "-1");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err())
        .startsWith("mvq: --evaluate-every must be at least 0 steps (0 for never), got -1");
  }
}
