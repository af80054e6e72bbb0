package io.mvq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What of a run is whole, and whose prior it is. */
class VerifyCommandTest extends TrainedRun {
  private static final String AUTOENCODER = "autoencoder/checkpoint/";

  private static void flip(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 5] ^= 1;
    Files.write(file, bytes);
  }

  private static Call verify(Path folder) {
    return call("verify", folder.toString());
  }

  @Test
  void aRunAsItWasTrainedIsWholeWithWhatWasMadeOfIt() throws IOException {
    Path folder = copy(run, home.resolve("whole"));
    call("sample", folder.toString(), "--count", "4");
    call("evaluate", folder.toString(), "--feature-steps", "2");
    Call verified = verify(folder);
    assertThat(verified.status()).isZero();
    assertThat(verified.err()).isEmpty();
    assertThat(verified.out())
        .contains("whole       " + AUTOENCODER + "model.safetensors\n")
        .contains("whole       " + AUTOENCODER + "training.safetensors\n")
        .contains("whole       prior/checkpoint/model.safetensors\n")
        .contains("whole       data.json\n", "whole       recipe.json\n")
        .contains("whole       features.safetensors\n")
        .contains("not listed  samples.png\n", "not listed  autoencoder/log.csv\n")
        .endsWith(folder + " is whole\n");
  }

  @Test
  void eachDamageIsNamedWithWhatBringsItBack() throws IOException {
    String[][] all = {
      {AUTOENCODER + "model.safetensors", "restore a copy of it, or train anew: mvq train --out "},
      {AUTOENCODER + "training.safetensors", "needed to resume only: delete it"},
      {"prior/checkpoint/model.safetensors", " --resume --retrain-prior\n"},
      {"data.json", "delete it; mvq train --out "},
      {"recipe.json", "copy "},
      {AUTOENCODER + "recipe.json", "edited since"},
      {AUTOENCODER + "SHA256SUMS", "restore a copy of it"}
    };
    for (int i = 0; i < all.length; i++) {
      Path folder = copy(run, home.resolve("damaged" + i));
      Path file = folder.resolve(all[i][0]);
      if (all[i][0].endsWith("SUMS")) {
        Files.writeString(file, "nonsense\n");
      } else if (all[i][0].endsWith("json")) {
        Files.writeString(file, Files.readString(file).replace('{', '['));
      } else {
        flip(file);
      }
      Call verified = verify(folder);
      assertThat(verified.status()).as(all[i][0]).isEqualTo(1);
      assertThat(verified.out())
          .contains("changed     " + all[i][0] + ": ")
          .contains(all[i][1])
          .endsWith(folder + " is not whole\n");
      Files.delete(file);
      if (!all[i][0].equals("data.json")) { // older runs have none
        assertThat(verify(folder).status()).as(all[i][0]).isEqualTo(1);
      }
    }
    Path folder = copy(run, home.resolve("missing"));
    Files.delete(folder.resolve(AUTOENCODER + "training.safetensors"));
    assertThat(verify(folder).out())
        .contains("missing     " + AUTOENCODER + "training.safetensors: needed to resume only");
  }

  @Test
  void aFolderThatIsNoRunAndARunWithoutChecksumsSaySo() {
    assertThat(verify(home.resolve("none")).err())
        .isEqualTo("mvq: " + home.resolve("none") + " holds no run\n");
    Call old = verify(Path.of("tests/golden/format2/run"));
    assertThat(old.status()).isEqualTo(1);
    assertThat(old.out())
        .contains("not listed  autoencoder/checkpoint/model.safetensors: an older mvq wrote no");
  }

  @Test
  void aPriorOfAnotherAutoencoderIsRefusedAndTrainedAnew() throws IOException {
    Path other = home.resolve("other");
    assertThat(train(other, "--seed", "2").err()).isEmpty();
    Path mixed = copy(other, home.resolve("mixed"));
    delete(mixed.resolve("prior"));
    copy(run.resolve("prior"), mixed.resolve("prior"));
    for (Call refused :
        new Call[] {
          call("sample", mixed.toString()),
          call("evaluate", mixed.toString(), "--feature-steps", "2"),
          call("train", "--out", mixed.toString(), "--resume", "--progress", "NONE")
        }) {
      assertThat(refused.status()).isEqualTo(1);
      assertThat(refused.err())
          .startsWith("mvq: the prior in " + mixed + " was trained on the autoencoder ")
          .endsWith("train it anew: mvq train --out " + mixed + " --resume --retrain-prior\n");
    }
    assertThat(verify(mixed).out())
        .contains("changed     prior/checkpoint/model.safetensors: the prior in ");
    Call again =
        call(
            "train",
            "--out",
            mixed.toString(),
            "--resume",
            "--retrain-prior",
            "--progress",
            "NONE");
    assertThat(again.err()).isEmpty();
    assertThat(again.out()).contains("mvq has all its 6 steps");
    assertThat(verify(mixed).status()).isZero();
    assertThat(Files.readAllBytes(mixed.resolve("prior/checkpoint/model.safetensors")))
        .isEqualTo(Files.readAllBytes(other.resolve("prior/checkpoint/model.safetensors")));
  }

  @Test
  void aClassifierMadeOtherwiseIsNotReused() throws IOException {
    Path folder = copy(run, home.resolve("features"));
    Path file = folder.resolve("features.safetensors");
    assertThat(evaluate(folder, "2", "1").out()).doesNotContain("made anew");
    byte[] first = Files.readAllBytes(file);
    assertThat(evaluate(folder, "2", "1").out()).doesNotContain("made anew");
    assertThat(evaluate(folder, "3", "1").out())
        .contains(file + " is made anew: its feature-steps is 2, not 3");
    assertThat(evaluate(folder, "3", "7").out())
        .contains(file + " is made anew: its seed is 1, not 7");
    assertThat(evaluate(folder, "2", "1").out()).contains("is made anew");
    assertThat(Files.readAllBytes(file)).isEqualTo(first);
    flip(file);
    assertThat(evaluate(folder, "2", "1").out()).contains("is made anew: " + file + " is damaged");
    assertThat(Files.readAllBytes(file)).isEqualTo(first);
    Path own = home.resolve("own.safetensors");
    Files.copy(file, own);
    String[] given = {
      "evaluate", folder.toString(), "--features", own.toString(), "--feature-steps", "2"
    };
    assertThat(call(given).err()).isEmpty();
    given[5] = "9";
    assertThat(call(given).err())
        .isEqualTo(
            "mvq: "
                + own
                + " holds a classifier that was made otherwise: its feature-steps is 2, not 9; name"
                + " another file\n");
    assertThat(evaluate(folder, "0", "1").err())
        .isEqualTo("mvq: feature-steps must be at least 1, got 0\n");
  }

  private static Call evaluate(Path folder, String steps, String seed) {
    return call("evaluate", folder.toString(), "--feature-steps", steps, "--seed", seed);
  }
}
