package io.mvq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.mvq.run.Identity;
import io.mvq.run.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

class ExportCommandTest extends TrainedRun {
  private static Path export(Path of, String name, String... more) throws IOException {
    Path out = home.resolve(name);
    List<String> args = new ArrayList<>(List.of("export", of.toString(), "--out", out.toString()));
    args.addAll(List.of(more));
    Call made = call(args.toArray(String[]::new));
    assertThat(made.err()).isEmpty();
    assertThat(made.status()).isZero();
    assertThat(made.out()).contains("model " + Identity.of(new Run(of)));
    return out;
  }

  private static void fails(String why, String... args) {
    Call failed = call(args);
    assertThat(failed.status()).isEqualTo(1);
    assertThat(failed.err()).isEqualTo("mvq: " + why + "\n");
  }

  @Test
  void anExportEncodesDecodesAndSamplesWithTheBitsOfItsRun() throws IOException {
    Path exported = export(run, "exported");
    Path codes = encoded(run, "run.npz");
    assertThat(encoded(exported, "exported.npz")).hasSameBinaryContentAs(codes);
    for (Path by : List.of(run, exported)) {
      String out = home.resolve(by.getFileName() + "-pictures").toString();
      assertThat(call("decode", by.toString(), "--codes", codes.toString(), "--out", out).err())
          .isEmpty();
      assertThat(call("sample", by.toString(), "--count", "4", "--out", out + ".png").err())
          .isEmpty();
    }
    for (String picture : List.of("-pictures/00000.png", "-pictures/00059.png", "-pictures.png")) {
      assertThat(home.resolve("exported" + picture))
          .hasSameBinaryContentAs(home.resolve("run" + picture));
    }
    assertThat(call("verify", exported.toString()).out()).contains("whole       model.safetensors");
    assertThat(call("info", exported.toString()).out())
        .contains("an export for inference, float32", "of 6, 3 and 0 steps", "2 classes");
  }

  @Test
  void bfloat16IsHalfTheSizeAndItsCostIsMeasured() throws IOException {
    Path whole = export(run, "whole");
    Path half = home.resolve("half");
    Call made = call("export", run.toString(), "--out", half.toString(), "--precision", "bf16");
    assertThat(made.err()).isEmpty();
    assertThat(made.out())
        .containsPattern("took the PSNR of \\d+ reconstructed held-out images from [\\d.]+ to");
    assertThat(Files.readString(half.resolve("README.md")))
        .contains("model.safetensors`, bfloat16", made.out().lines().toList().get(1));
    assertThat(2.0 * size(half) / size(whole)).isBetween(1.0, 1.1);
    assertThat(encoded(half, "half.npz")).exists();
  }

  private static long size(Path export) throws IOException {
    return Files.size(export.resolve("model.safetensors"));
  }

  @Test
  void theCostOfRoundingIsMeasuredOnDrawnImagesWhereTheTrainingImagesAreGone() throws IOException {
    Path moved = copy(export(run, "first"), home.resolve("elsewhere"));
    Call made =
        call(
            "export",
            moved.toString(),
            "--precision",
            "bf16",
            "--out",
            home.resolve("again").toString());
    assertThat(made.out()).contains("of 64 reconstructed images drawn from the prior from");
  }

  @Test
  void aZipHoldsTheFilesOfTheFolder() throws IOException {
    Path folder = export(run, "plain");
    Path zipped = export(run, "packed.zip");
    try (ZipFile zip = new ZipFile(zipped.toFile())) {
      assertThat(zip.stream().map(ZipEntry::getName))
          .containsExactly("README.md", "config.json", "model.safetensors");
      assertThat(zip.getInputStream(zip.getEntry("model.safetensors")))
          .hasBinaryContent(Files.readAllBytes(folder.resolve("model.safetensors")));
    }
    try (Stream<Path> files = Files.list(home)) {
      assertThat(files.map(Path::getFileName).map(Path::toString))
          .noneMatch(name -> name.startsWith("."));
    }
  }

  @Test
  void onnxGraphsGoAlongWhereTheyAreAskedFor() throws IOException, OrtException {
    Path folder = export(run, "with-onnx", "--onnx").resolve("onnx");
    OrtEnvironment onnx = OrtEnvironment.getEnvironment();
    try (OrtSession decoder = onnx.createSession(folder.resolve("decoder.onnx").toString());
        OrtSession encoder = onnx.createSession(folder.resolve("encoder.onnx").toString())) {
      assertThat(decoder.getInputNames()).containsExactly("tokens", "masks");
      assertThat(decoder.getOutputNames()).containsExactly("images");
      assertThat(encoder.getOutputNames()).containsExactly("tokens", "masks");
      assertThat(encoder.getMetadata().getCustomMetadata())
          .containsEntry("mvq_identity", Identity.of(new Run(run)).digest());
    }
    assertThat(Files.readString(home.resolve("with-onnx/README.md")))
        .contains("images float32 (n, 3, 32, 32)");
  }

  @Test
  void nothingThatIsThereIsReplaced() throws IOException {
    Path taken = Files.createDirectories(home.resolve("taken"));
    export(run, "taken"); // an empty folder is no one's
    Path file = Files.writeString(home.resolve("taken.zip"), "mine");
    for (Path out : List.of(taken, file, run)) {
      fails(
          out + " is there already; name another place, or move it away",
          "export",
          run.toString(),
          "--out",
          out.toString());
    }
    assertThat(file).hasContent("mine");
  }

  @Test
  void theCardTellsTheRunsNumbersAndNoPathOfThisMachine() throws IOException {
    Path own = copy(run, home.resolve("own"));
    Path results = own.resolve("results.json");
    Files.writeString(results, "{\"runs\": [{\"tokens\": 2, \"held_out\": {\"psnr\": 12.5}}]}");
    Path exported = export(own, "told", "--license", "cc0-1.0");
    String card = Files.readString(exported.resolve("README.md"));
    assertThat(card)
        .startsWith("---\nlibrary_name: mvq\nlicense: cc0-1.0\n")
        .contains("becomes 2 tokens and 1 x 8 mask bits", "Autoencoder 6 steps, prior 3")
        .contains("--codes 6\n", "--data ./photos\n", "| held out, psnr | 12.5 |")
        .contains("on what terms, is not known to mvq");
    String config = Files.readString(exported.resolve("config.json"));
    assertThat(config).contains("\"model_type\" : \"mvq\"", "\"0\" : \"dark\"");
    assertThat(card + config).doesNotContain(home.toString());
    Files.setLastModifiedTime(results, FileTime.from(Instant.EPOCH));
    assertThat(Files.readString(export(own, "stale").resolve("README.md")))
        .contains("taken before its last step")
        .doesNotContain("12.5");
  }

  @Test
  void theTermsOfAKnownSetAreInTheCard() throws IOException {
    Path own = copy(run, home.resolve("emoji-run"));
    for (String file : List.of("recipe.json", "autoencoder/checkpoint/recipe.json")) {
      Path recipe = own.resolve(file);
      Files.writeString(recipe, Files.readString(recipe).replace(photos.toString(), "emoji"));
    }
    Path once = export(own, "emoji");
    assertThat(Files.readString(export(once, "emoji-again").resolve("README.md")))
        .contains("Trained on Noto Emoji, copyright Google LLC", "Apache-2.0")
        .isEqualTo(Files.readString(once.resolve("README.md")));
  }

  @Test
  void anExportWithoutTokensIsAModelToo() throws IOException {
    Path latents = home.resolve("latents");
    assertThat(train(latents, "--architecture", "continuous").err()).isEmpty();
    Path exported = export(latents, "latents-exported", "--precision", "bf16");
    String out = home.resolve("latents.png").toString();
    assertThat(call("sample", exported.toString(), "--count", "2", "--out", out).err()).isEmpty();
  }

  @Test
  void whatIsDamagedOrOfAnotherKindIsRefused() throws IOException {
    Path exported = export(run, "sound");
    fails(
        exported + " is an export, for inference alone; train into another folder",
        "train",
        "--data",
        photos.toString(),
        "--out",
        exported.toString());
    fails(
        exported + " is an export, which does not know where its images are; name some",
        "encode",
        exported.toString(),
        "--out",
        home.resolve("none.npz").toString());
    Path config = exported.resolve("config.json");
    String text = Files.readString(config);
    String identity = Identity.of(new Run(run)).digest();
    Files.writeString(config, text.replace(identity, "0123456789abcdef"));
    String weights = exported.resolve("model.safetensors").toString();
    fails(
        weights
            + " is of the model "
            + identity
            + ", config.json beside it of 0123456789abcdef: they are not of one export",
        "sample",
        exported.toString());
    Files.writeString(config, text.replace("\"mvq\",", "\"llama\","));
    fails(
        config + " is of another kind of model: model_type must be mvq, got llama",
        "sample",
        exported.toString());
    Files.writeString(config, text);
    byte[] bytes = Files.readAllBytes(Path.of(weights));
    bytes[bytes.length - 5] ^= 1;
    Files.write(Path.of(weights), bytes);
    String damage =
        weights + " is damaged: its tensors do not have the SHA-256 that is written in it";
    fails(damage, "sample", exported.toString());
    Call verified = call("verify", exported.toString());
    assertThat(verified.status()).isEqualTo(1);
    assertThat(verified.out()).contains("changed     model.safetensors: " + damage);
  }

  @Test
  void aLicenceMustBeAnIdentifier() {
    fails(
        "license must be an identifier such as apache-2.0, got \"mine: yes\"",
        "export",
        run.toString(),
        "--out",
        home.resolve("licence").toString(),
        "--license",
        "mine: yes");
  }
}
