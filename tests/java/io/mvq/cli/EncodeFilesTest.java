package io.mvq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mvq.data.format.NpyArray;
import io.mvq.data.format.Npz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code mvq encode} of files that are named. */
class EncodeFilesTest extends TrainedRun {
  private static Call encode(Path out, String... images) {
    List<String> args = new ArrayList<>(List.of("encode", run.toString()));
    args.addAll(List.of(images));
    args.addAll(List.of("--out", out.toString()));
    return call(args.toArray(String[]::new));
  }

  private static byte[] about(Path codes) throws IOException {
    try (Npz npz = Npz.open(codes)) {
      return npz.find("about").bytes();
    }
  }

  private static long[] tokens(Path codes) throws IOException {
    try (Npz npz = Npz.open(codes)) {
      NpyArray tokens = npz.find("tokens");
      return tokens.whole("tokens", 0, 5);
    }
  }

  @Test
  void onePictureOrSeveralAreEncodedInTheOrderGiven() throws IOException {
    Path all = home.resolve("all.npz");
    assertThat(encode(all, "--images", photos.toString()).err()).isEmpty();
    String light = photos.resolve("light/1.png").toString();
    String dark = photos.resolve("dark/0.png").toString();
    Path one = home.resolve("one.npz");
    assertThat(encode(one, dark).out()).startsWith("1 images to ");
    assertThat(tokens(one)).isEqualTo(Arrays.copyOf(tokens(all), 2)); // dark/0.png is the first
    Path two = home.resolve("two.npz");
    assertThat(encode(two, light, dark).err()).isEmpty();
    assertThat(new String(about(two), StandardCharsets.UTF_8))
        .contains("\"names\":[\"" + light + "\",\"" + dark + "\"]");
    assertThat(Arrays.copyOfRange(tokens(two), 2, 4)).isEqualTo(tokens(one));
  }

  @Test
  void filesThatCannotBeReadAreNamed() throws IOException {
    Path out = home.resolve("none.npz");
    Path text = Files.writeString(home.resolve("a.txt"), "no picture");
    Call failed = encode(out, text.toString());
    assertThat(failed.status()).isEqualTo(1);
    assertThat(failed.err()).contains(text + ": not a PNG, JPEG, WebP, GIF, BMP or TIFF image");
    Path missing = home.resolve("missing.png");
    assertThat(encode(out, missing.toString()).err())
        .contains(missing + ": there is no such file or folder");
    Call both = encode(out, "a.png", "--images", photos.toString());
    assertThat(both.err())
        .isEqualTo("mvq: name files, or --images and --held-out, not both; got a.png\n");
    assertThat(out).doesNotExist();
  }
}
