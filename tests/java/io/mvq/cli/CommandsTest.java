package io.mvq.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mvq.kernel.Backend;
import io.mvq.run.Codes;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** The commands as a user calls them, on a small folder of images. */
class CommandsTest extends TrainedRun {
  @Test
  void aGpuThatCannotBeUsedIsRefusedWithTheReason() {
    assumeTrue(Devices.refusal() != null, "this machine has a GPU");
    for (String[] args :
        List.of(
            new String[] {"train", "--out", home.resolve("no").toString()},
            new String[] {"sample", run.toString()},
            new String[] {"bench", "--quick"},
            new String[] {"evaluate", run.toString()})) {
      String[] onGpu = Arrays.copyOf(args, args.length + 2);
      onGpu[args.length] = "--device";
      onGpu[args.length + 1] = "cuda";
      Call call = call(onGpu);
      assertThat(call.status()).isEqualTo(1);
      assertThat(call.err())
          .startsWith("mvq: device cuda cannot be used: the kernels say ")
          .contains(Backend.load().cudaRefusal());
    }
    assertThat(call("sample", run.toString(), "--device", "auto").status()).isEqualTo(0);
    assertThat(call("info").out()).contains("auto is cpu; not cuda: the kernels say ");
  }

  @Test
  void encodedImagesDecodeFromBothFormatsToTheSamePictures() throws IOException {
    Path npz = home.resolve("codes.npz");
    Path safetensors = home.resolve("codes.safetensors");
    for (Path file : List.of(npz, safetensors)) {
      Call encoded =
          call("encode", run.toString(), "--images", photos.toString(), "--out", file.toString());
      assertThat(encoded.err()).isEmpty();
      assertThat(encoded.out())
          .contains("60 images")
          .contains("2 tokens (5.2 bits) and 4.0 mask bits");
      Call decoded =
          call("decode", run.toString(), "--codes", file.toString(), "--out", file + ".d");
      assertThat(decoded.err()).isEmpty();
    }
    assertThat(Tensors.longs(Codes.read(npz).tokens()))
        .isEqualTo(Tensors.longs(Codes.read(safetensors).tokens()));
    assertThat(Tensors.longs(Codes.read(npz).masks()))
        .isEqualTo(Tensors.longs(Codes.read(safetensors).masks()));
    for (int i = 0; i < 60; i++) {
      String name = String.format("%05d.png", i);
      assertThat(Files.readAllBytes(Path.of(npz + ".d", name)))
          .isEqualTo(Files.readAllBytes(Path.of(safetensors + ".d", name)));
    }
  }

  @Test
  void equalSeedsSampleEqualPictures() throws IOException {
    Path first = home.resolve("first.png");
    Path second = home.resolve("second.png");
    for (Path file : List.of(first, second)) {
      Call sampled =
          call(
              "sample",
              run.toString(),
              "--count",
              "6",
              "--columns",
              "3",
              "--top-p",
              "0.9",
              "--out",
              file.toString());
      assertThat(sampled.err()).isEmpty();
    }
    assertThat(Files.readAllBytes(first)).isEqualTo(Files.readAllBytes(second));
    assertThat(ImageIO.read(first.toFile()).getWidth()).isEqualTo(3 * 34 - 2);
  }

  @Test
  void evaluationReportsTheThreeNumbers() throws IOException {
    Call evaluated = call("evaluate", run.toString(), "--feature-steps", "3");
    assertThat(evaluated.err()).isEmpty();
    assertThat(evaluated.out())
        .contains("Frechet distance, winner's mask")
        .contains("Frechet distance, random mask")
        .contains("Frechet distance, samples from the prior")
        .contains("not FID");
    assertThat(Files.readString(run.resolve("results.json")))
        .contains("\"random_mask\"", "\"samples\"", "\"feature_network\" : \"small classifier");
  }

  /** Made by commit b3e171c. */
  @Test
  void aRunOfFormatTwoIsUsedAsBefore() {
    String old = "tests/golden/format2/run";
    Path codes = home.resolve("old.npz");
    assertThat(call("info", old).out()).contains("mvq", "autoencoder, 3 steps");
    Call sampled = call("sample", old, "--count", "4", "--out", home.resolve("old.png").toString());
    assertThat(sampled.err()).isEmpty();
    Call encoded = call("encode", old, "--images", photos.toString(), "--out", codes.toString());
    assertThat(encoded.err()).isEmpty();
    assertThat(encoded.out()).contains("2 tokens (4.0 bits) and 2.0 mask bits each");
    Path pictures = home.resolve("old-pictures");
    assertThat(call("decode", old, "--codes", codes.toString(), "--out", pictures.toString()).err())
        .isEmpty();
    assertThat(pictures.resolve("00000.png")).exists();
  }

  @Test
  void wrongCallsSayWhatIsWrongInOneLine() throws IOException {
    assertThat(call("train", "--flap").status()).isEqualTo(2);
    assertThat(call("nonsense").err()).contains("nonsense");
    assertThat(call("train", "--out", home.resolve("x").toString(), "--codes", "0").err())
        .isEqualTo("mvq: --codes must be at least 1, got 0\n");
    assertThat(call("train", "--out", home.resolve("x").toString(), "--data", "nowhere").err())
        .contains("data must be one of", "nowhere");
    assertThat(call("sample", home.resolve("none").toString()).err())
        .contains("holds no trained autoencoder; make one with: mvq train --out");
    assertThat(call("sample", run.toString(), "--class", "dark").err())
        .contains("train with --prior-conditional true");
    assertThat(call("encode", run.toString(), "--out", "codes.txt").err())
        .contains("must end in .npz or .safetensors");
    Path broken = Files.writeString(home.resolve("broken.npz"), "no zip");
    assertThat(
            call(
                    "decode",
                    run.toString(),
                    "--codes",
                    broken.toString(),
                    "--out",
                    home.resolve("y").toString())
                .err())
        .startsWith("mvq: " + broken);
    assertThat(train(home.resolve("z"), "--batch", "1000").err())
        .contains("fewer than a batch of 1000");
  }

  @Test
  void aDamagedCheckpointIsRefusedByName() throws IOException {
    Path copy = copy(run, home.resolve("copy"));
    Path weights = copy.resolve("autoencoder/checkpoint/model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(call("sample", copy.toString()).err()).contains("model.safetensors");
  }

  @Test
  void combineDrawsAGridAndSaysHowSmoothTheWayIs() throws IOException {
    Path out = home.resolve("combined");
    String[] args = {
      "combine",
      run.toString(),
      "--pairs",
      "2",
      "--steps",
      "3",
      "--distance",
      "PIXELS",
      "--out",
      out.toString()
    };
    Call combined = call(args);
    assertThat(combined.err()).isEmpty();
    assertThat(combined.out()).contains("pixels blended", "tokens swapped", "longest step");
    assertThat(out.resolve("combine.png")).exists();
    // Blending pixels goes in two equal steps, each a quarter of the whole in squared error.
    assertThat(Files.readString(out.resolve("combine.json")))
        .containsPattern("\"pixels blended\" : \\{\\s*\"mean\" : 0\\.2[45]");
    args[3] = "5000";
    assertThat(call(args).err()).contains("--pairs must be in 1..1000, got 5000");
  }

  @Test
  void infoNamesBackendAndLibTorch() {
    Call info = call("info");
    assertThat(info.status()).isZero();
    assertThat(info.out()).contains("kernels     cpu ", "not used  cuda:", "LibTorch    2.10");
  }

  @Test
  void everyCommandExplainsItself() {
    for (String command :
        List.of(
            "quickstart",
            "train",
            "encode",
            "decode",
            "sample",
            "evaluate",
            "info",
            "verify",
            "bench",
            "combine",
            "reproduce")) {
      Call help = call(command, "--help");
      assertThat(help.status()).as(command).isZero();
      assertThat(help.out()).contains("Usage: mvq " + command);
    }
  }
}
