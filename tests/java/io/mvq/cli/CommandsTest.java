package io.mvq.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mvq.kernel.Backend;
import io.mvq.recipe.Recipe;
import io.mvq.run.Pipeline;
import io.mvq.run.Run;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Tensors;
import io.mvq.train.Checkpoint;
import io.mvq.train.Progress;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as a user calls them, on a small folder of images. */
class CommandsTest {
  private static final String[] SMALL = {
    "--side", "32", "--width", "16", "--codes", "6", "--code-width", "8", "--mask-width", "8",
    "--hypotheses", "16", "--batch", "4", "--steps", "6", "--warmup", "1", "--prior-steps", "3",
    "--prior-width", "16", "--prior-layers", "1", "--prior-heads", "2", "--progress", "NONE"
  };

  @TempDir static Path home;
  private static Path photos;
  private static Path run;

  private record Call(int status, String out, String err) {}

  private static Call call(String... args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
    try {
      int status = Main.run(args);
      return new Call(
          status,
          printed.toString(StandardCharsets.UTF_8),
          complained.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private static Call train(Path out, String... more) {
    List<String> args =
        new ArrayList<>(List.of("train", "--data", photos.toString(), "--out", out.toString()));
    args.addAll(small(List.of(more)));
    args.addAll(List.of(more));
    return call(args.toArray(String[]::new));
  }

  /** The small settings without those that the others leave no room for. */
  private static List<String> small(List<String> more) {
    Set<String> without = new HashSet<>();
    if (more.contains("continuous")) {
      without.addAll(Set.of("--codes", "--mask-width", "--hypotheses"));
      without.addAll(Set.of("--prior-layers", "--prior-heads"));
    }
    if (more.contains("pixelcnn")) {
      without.add("--prior-heads");
    }
    if (more.contains("vq")) {
      without.addAll(Set.of("--mask-width", "--hypotheses"));
    }
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < SMALL.length; i += 2) {
      if (!without.contains(SMALL[i])) {
        kept.addAll(List.of(SMALL[i], SMALL[i + 1]));
      }
    }
    return kept;
  }

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

  @BeforeAll
  static void trainOnce() throws IOException {
    photos = home.resolve("photos");
    for (int i = 0; i < 60; i++) {
      Path folder = Files.createDirectories(photos.resolve(i % 2 == 0 ? "dark" : "light"));
      BufferedImage image = new BufferedImage(40, 32, BufferedImage.TYPE_INT_RGB);
      for (int p = 0; p < 40 * 32; p++) {
        image.setRGB(p % 40, p / 40, (i % 2 == 0 ? 0x101010 : 0xc0c0c0) + i * 0x10203 % 0x303030);
      }
      ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
    }
    run = home.resolve("run");
    Call trained = train(run);
    assertThat(trained.err()).isEmpty();
    assertThat(trained.status()).isZero();
    assertThat(trained.out()).contains("training images").contains("waiting for images");
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

  /** The same run, stopped after so many steps of all its stages together. */
  private static void trainUntil(int steps, Path folder, Recipe recipe) throws IOException {
    AtomicInteger left = new AtomicInteger(steps);
    Pipeline pipeline =
        new Pipeline(
            recipe,
            new Run(folder),
            false,
            Progress.Style.NONE,
            System.out,
            Devices.cpu(),
            report -> left.decrementAndGet() > 0);
    assertThat(pipeline.train(Run.data(recipe).train())).isEmpty();
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
  void aRunThatIsStoppedAndResumedHasTheWeightsOfOneThatWasNot() throws IOException {
    Path stopped = home.resolve("stopped");
    trainUntil(3, stopped, new Run(run).recipe());
    Call resumed = call("train", "--out", stopped.toString(), "--resume", "--progress", "NONE");
    assertThat(resumed.err()).isEmpty();
    assertThat(resumed.out()).contains("continues from step 3");
    assertThat(call("train", "--out", stopped.toString(), "--resume", "--steps", "9").err())
        .contains("leave out --steps");
    Map<String, Tensor> whole = Checkpoint.read(run.resolve("autoencoder/checkpoint")).weights();
    Map<String, Tensor> again =
        Checkpoint.read(stopped.resolve("autoencoder/checkpoint")).weights();
    assertThat(again.keySet()).isEqualTo(whole.keySet());
    whole.forEach((name, weights) -> assertThat(again.get(name).equal(weights)).as(name).isTrue());
  }

  @Test
  void twoLevelsAgainstADiscriminatorTrainAndSample() throws IOException {
    Path out = home.resolve("levels");
    Call trained =
        train(
            out,
            "--architecture",
            "hierarchy",
            "--adversarial-weight",
            "0.8",
            "--adversarial-start",
            "2",
            "--adversarial-ramp",
            "2",
            "--discriminator-width",
            "4",
            "--pixel-loss",
            "l1");
    assertThat(trained.err()).isEmpty();
    assertThat(Files.readString(out.resolve("autoencoder/log.csv")))
        .contains("loss/adversarial", "loss/discriminator/real");
    Path picture = home.resolve("levels.png");
    assertThat(call("sample", out.toString(), "--out", picture.toString()).err()).isEmpty();
    assertThat(picture).exists();
  }

  @Test
  void latentsWithoutTokensAreTrainedWithDiffusionAndSampled() throws IOException {
    Path out = home.resolve("latents");
    Call trained = train(out, "--architecture", "continuous");
    assertThat(trained.err()).isEmpty();
    assertThat(call("sample", out.toString(), "--count", "4").err()).isEmpty();
    assertThat(out.resolve("samples.png")).exists();
    assertThat(call("sample", out.toString(), "--temperature", "0.5").err())
        .isEqualTo("mvq: diffusion has no temperature, top-k, top-p or classes; leave these out\n");
    Path codes = home.resolve("latents.npz");
    assertThat(call("encode", out.toString(), "--out", codes.toString()).err())
        .startsWith("mvq: a continuous autoencoder has no tokens;");
  }

  @Test
  void aPixelCnnAndLearnedMasksAreTrainedResumedAndSampled() throws IOException {
    String[] learned = {"--prior", "pixelcnn", "--mask-prior", "autoregressive"};
    Path whole = home.resolve("learned");
    Path halves = home.resolve("learned-halves");
    assertThat(train(whole, learned).err()).isEmpty();
    trainUntil(6 + 1, halves, new Run(whole).recipe()); // 1 of the 3 steps of the prior
    assertThat(call("train", "--out", halves.toString(), "--resume", "--progress", "NONE").err())
        .isEmpty();
    for (String stage : List.of("prior", "masks")) {
      Checkpoint first = Checkpoint.read(whole.resolve(stage).resolve("checkpoint"));
      Checkpoint second = Checkpoint.read(halves.resolve(stage).resolve("checkpoint"));
      assertThat(second.step()).isEqualTo(3);
      first
          .weights()
          .forEach(
              (name, weights) ->
                  assertThat(Tensors.floats(second.weights().get(name)))
                      .as(stage + " " + name)
                      .containsExactly(Tensors.floats(weights), within(1e-5f)));
    }
    Path picture = home.resolve("learned.png");
    Call sampled = call("sample", whole.toString(), "--count", "4", "--out", picture.toString());
    assertThat(sampled.err()).isEmpty();
    assertThat(sampled.out()).contains("4 images");
    try (Stream<Path> files = Files.walk(whole.resolve("masks"))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    assertThat(call("sample", whole.toString()).err()).contains("holds no trained mask prior");
    assertThat(train(home.resolve("q"), "--system", "vq", "--mask-prior", "bernoulli").err())
        .isEqualTo("mvq: --mask-prior must be uniform: vq has no masks, got bernoulli\n");
  }

  @Test
  void aRunIsNotOverwrittenUnasked() {
    Call again = train(run);
    assertThat(again.status()).isEqualTo(2);
    assertThat(again.err()).contains("already holds a run; --resume continues it");
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
    Path copy = home.resolve("copy");
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.toList()) {
        Path to = copy.resolve(run.relativize(file).toString());
        if (Files.isRegularFile(file)) {
          Files.createDirectories(to.getParent());
          Files.copy(file, to);
        }
      }
    }
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
            "bench",
            "combine",
            "reproduce")) {
      Call help = call(command, "--help");
      assertThat(help.status()).as(command).isZero();
      assertThat(help.out()).contains("Usage: mvq " + command);
    }
  }
}
