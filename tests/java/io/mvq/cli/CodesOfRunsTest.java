package io.mvq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mvq.quantize.Encoding;
import io.mvq.run.Codes;
import io.mvq.run.CodesAbout;
import io.mvq.run.Identity;
import io.mvq.run.Run;
import io.mvq.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whose codes are whose, which images they are of, and what is missing among them. */
class CodesOfRunsTest extends TrainedRun {
  private static Call decode(Path of, Path codes, String... more) {
    String pictures = codes + ".pictures";
    String[] args = {"decode", of.toString(), "--codes", codes.toString(), "--out", pictures};
    return call(Stream.of(args, more).flatMap(Arrays::stream).toArray(String[]::new));
  }

  @Test
  void codesOfAnotherModelAreRefusedUnlessAsked() throws IOException {
    Path other = home.resolve("other");
    assertThat(train(other, "--seed", "2").err()).isEmpty();
    Path codes = home.resolve("codes.npz");
    assertThat(
            call("encode", run.toString(), "--images", photos.toString(), "--out", codes.toString())
                .err())
        .isEmpty();
    Call refused = decode(other, codes);
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err())
        .isEqualTo(
            "mvq: %s was encoded by the model %s, %s holds %s; decode it with the run that encoded it (mvq info RUN names a run's model), or as it is with --other-model\n"
                .formatted(codes, Identity.of(new Run(run)), other, Identity.of(new Run(other))));
    assertThat(decode(other, codes, "--other-model").err()).isEmpty();
    assertThat(call("info", run.toString()).out())
        .contains("model " + Codes.read(codes).about().model());
    Path moved = copy(run, home.resolve("moved"));
    assertThat(decode(moved, codes).err()).isEmpty();
  }

  @Test
  void codesThatDoNotSayWhoseTheyAreAreDecodedWithAWarning() throws IOException {
    Path codes = home.resolve("old.npz");
    new Codes(
            Tensors.of(new long[] {5, 5}, 1, 2),
            Tensors.of(new byte[8], 1, 1, 8),
            CodesAbout.NOTHING)
        .write(codes);
    Call decoded = decode(run, codes);
    assertThat(decoded.status()).isZero();
    assertThat(decoded.err())
        .isEqualTo(codes + " does not say which model encoded it; taken for " + run + "'s\n");
  }

  @Test
  void codesThatDoNotFitTheModelAreRefused() throws IOException {
    fails(new long[] {5, 6}, 8, 2, "tokens at position 1 must be 0 to 5, got 6");
    fails(new long[] {5, 1L << 62}, 8, 2, "position 1 must be 0 to 5, got 4611686018427387904");
    fails(new long[] {1, 2, 3}, 8, 3, "tokens must be 2 a row, as this model has, got 3");
    fails(
        new long[] {1, 2},
        7,
        2,
        "masks must be of 8 bits, as this model has, got 7; --random-masks");
    Path plain = home.resolve("plain.npz");
    Codes.of(new Encoding(Tensors.of(new long[] {3, 4}, 1, 2)), 0, CodesAbout.NOTHING).write(plain);
    assertThat(decode(run, plain).err())
        .endsWith("masks must be 1 a row, as this model has, got 0; --random-masks draws them\n");
    assertThat(decode(run, plain, "--random-masks").status()).isZero();
  }

  private static void fails(long[] tokens, int bits, int width, String why) throws IOException {
    Path codes = home.resolve("wrong.npz");
    new Codes(
            Tensors.of(tokens, 1, width),
            Tensors.of(new byte[bits], 1, 1, bits),
            CodesAbout.NOTHING)
        .write(codes);
    Call refused = decode(run, codes);
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains(codes + ": ").contains(why);
  }

  @Test
  void everyRowHasItsImagesNameAndADamagedImageHasNone() throws IOException {
    Path some = copy(photos, home.resolve("damaged"));
    byte[] whole = Files.readAllBytes(some.resolve("light/1.png"));
    Files.write(some.resolve("light/1.png"), Arrays.copyOf(whole, whole.length / 2));
    Files.writeString(some.resolve("dark/x.png"), "no picture");
    Path codes = home.resolve("damaged.safetensors");
    Call encoded =
        call("encode", run.toString(), "--images", some.toString(), "--out", codes.toString());
    assertThat(encoded.status()).isZero();
    Codes read = Codes.read(codes);
    assertThat(read.tokens().size(0)).isEqualTo(59);
    assertThat(read.about().names())
        .hasSize(59)
        .contains("dark/0.png", "light/3.png")
        .doesNotContain("light/1.png", "dark/x.png");
    assertThat(read.about().leftOut().toString()).contains("light/1.png", "dark/x.png");
    assertThat(encoded.out()).contains("2 damaged images left out, which have no row:");
  }

  @Test
  void aDamagedHeldOutImageIsNotReplacedByItsNeighbour() throws IOException {
    Path codes = home.resolve("held.npz");
    assertThat(call("encode", run.toString(), "--out", codes.toString()).err()).isEmpty();
    List<String> names = Codes.read(codes).about().names();
    Path some = copy(photos, home.resolve("held-out"));
    Path one = some.resolve(names.get(0));
    byte[] whole = Files.readAllBytes(one);
    Files.write(one, Arrays.copyOf(whole, 45)); // its header is whole
    Call encoded =
        call(
            "encode",
            run.toString(),
            "--held-out",
            "--images",
            some.toString(),
            "--out",
            codes.toString());
    assertThat(encoded.status()).isZero();
    assertThat(Codes.read(codes).about().names()).isEqualTo(names.subList(1, names.size()));
    assertThat(encoded.out()).contains("1 damaged images left out");
    assertThat(encoded.err()).startsWith("these are not the images that " + run);
  }
}
