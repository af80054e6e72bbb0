package io.mvq.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What goes wrong with files is said in one line that names the file, with status 1. */
class ErrorsInWordsTest extends TrainedRun {
  private static void refused(Call call, String... parts) {
    assertThat(call.status()).as(call.err()).isEqualTo(1);
    assertThat(call.err()).startsWith("mvq: ").contains(parts);
    assertThat(call.err().lines()).as(call.err()).hasSize(1);
  }

  private static Path copy(String name) throws IOException {
    Path copy = home.resolve(name);
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = copy.resolve(run.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
    return copy;
  }

  private static Call encode(Path images, String out, String... more) {
    String[] line = {
      "encode", run.toString(), "--images", images.toString(), "--out", home.resolve(out).toString()
    };
    return call(Stream.concat(Stream.of(line), Stream.of(more)).toArray(String[]::new));
  }

  @Test
  void foldersAndFilesInEachOthersPlace() throws IOException {
    Path file = run.resolve("recipe.json");
    refused(train(file.resolve("below")), file.toString(), "a part of this path is a file");
    refused(train(file), file + ": there is a file where a folder is wanted");
    refused(call("sample", run.toString(), "--out", photos.toString()), photos + " is a folder");
    refused(
        call("sample", run.toString(), "--each", file.toString()),
        file + ": there is a file where a folder is wanted");
    Path copy = copy("folders");
    Path model = copy.resolve("autoencoder/checkpoint/model.safetensors");
    Files.delete(model);
    Files.createDirectory(model);
    refused(call("sample", copy.toString()), model + " is a folder, where a file is wanted");
  }

  @Test
  void recipesThatAreNestedDeepEmptyOrNoText() throws IOException {
    Path copy = copy("recipes");
    Path recipe = copy.resolve("recipe.json");
    Files.writeString(recipe, "{\"a\":".repeat(100_000));
    refused(call("info", copy.toString()), recipe + ": not JSON: Document nesting depth (1001)");
    refused(call("train", "--out", copy.toString(), "--resume"), recipe + ": not JSON");
    Files.writeString(recipe, "{} \"x\"");
    refused(call("info", copy.toString()), recipe + ": not JSON");
    Files.writeString(recipe, "");
    refused(call("info", copy.toString()), recipe + ": it must be a JSON object");
    Files.write(recipe, new byte[] {'{', (byte) 0xff});
    refused(call("info", copy.toString()), recipe + " is damaged: it is not UTF-8");
  }

  @Test
  void whatLeadsNowhereOrBackIsSkippedAndCounted() throws IOException {
    Path odd = home.resolve("odd");
    Path dark = Files.createDirectories(odd.resolve("dark"));
    Files.copy(photos.resolve("dark/0.png"), dark.resolve("0.png"));
    Files.createSymbolicLink(odd.resolve("loop"), odd);
    Files.createSymbolicLink(dark.resolve("link.png"), Path.of("nowhere.png"));
    Files.createDirectory(dark.resolve("folder.png"));
    Files.createFile(dark.resolve("empty.png"));
    Call encoded = encode(odd, "odd.npz");
    assertThat(encoded.status()).isZero();
    assertThat(encoded.out())
        .contains("1 images to ", "3 damaged images left out")
        .contains("loop: a link that leads back to a folder it is in")
        .contains(
            "link.png: a link to nothing",
            "empty.png: not a PNG, JPEG, WebP, GIF, BMP or TIFF image");
  }

  @Test
  void whatMayNotBeReadOrWrittenIsNamed() throws IOException {
    Path locked = Files.createDirectory(home.resolve("locked"));
    Path secret = Files.createDirectories(home.resolve("some/secret"));
    Path image = home.resolve("some/0.png");
    Files.copy(photos.resolve("dark/0.png"), image);
    Files.copy(image, home.resolve("some/1.png"));
    for (Path path : new Path[] {secret, image}) {
      Files.setPosixFilePermissions(path, Set.of());
    }
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));
    assumeFalse(Files.isWritable(locked), "this user may do anything");
    refused(train(locked), locked + " is not writable; name another folder with --out");
    refused(
        call("sample", run.toString(), "--out", locked.resolve("a.png").toString()),
        "could not write " + locked.resolve("a.png") + ": this user may not read or write it");
    assertThat(encode(image.getParent(), "some.npz").out())
        .contains("1 images to ", "2 damaged images left out")
        .contains(image + ": this user may not read or write it", secret + ": may not be read");
  }

  @Test
  void limitsOfImagesAreFlagsAndTheirRangeIsSaid() {
    refused(
        encode(photos, "few.npz", "--image-pixels", "100"),
        "none of its 60 images can be read",
        "40 x 32 pixels, must be 1 to 100 in all");
    refused(
        train(home.resolve("few"), "--image-pixels", "100"), "none of its 60 images can be read");
    refused(
        encode(photos, "no.npz", "--image-pixels", "0"),
        "--image-pixels must be in 1..500000000, got 0");
    refused(
        call("evaluate", run.toString(), "--image-seconds", "0"),
        "--image-seconds must be above 0, at most 86400, got 0.0");
    refused(
        call("combine", run.toString(), "--image-seconds", "NaN"),
        "--image-seconds must be above 0, at most 86400, got NaN");
    assertThat(encode(photos, "all.npz", "--image-pixels", "1280", "--image-seconds", "60").out())
        .contains("60 images");
  }
}
