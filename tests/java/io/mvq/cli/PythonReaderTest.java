package io.mvq.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.data.format.NpyArray;
import io.mvq.run.Codes;
import io.mvq.run.Run;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Tensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code examples/python} against the models, each part where its library is. */
@DisabledOnOs(OS.WINDOWS)
class PythonReaderTest extends TrainedRun {
  private static final String READER = "examples/python/mvq_reader.py";

  private record Ran(int status, String said) {}

  private static Ran python(String... args) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("python3"));
    line.addAll(List.of(args));
    Path log = home.resolve("python.txt");
    try {
      Process process =
          new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile()).start();
      return new Ran(process.waitFor(), Files.readString(log));
    } catch (IOException e) {
      return new Ran(127, e.getMessage());
    }
  }

  private static void assume(String library) throws IOException, InterruptedException {
    Ran found = python("-c", "import " + library);
    assumeTrue(found.status() == 0, "no python3 with " + library + " here: " + found.said());
  }

  static Stream<String> models() {
    return Stream.of(
        "--system mvq",
        "--system mvq --base-tokens 2 --secondary-tokens 2 --winner-per-token true",
        "--system vq --codebook-width 4 --channels 1");
  }

  @ParameterizedTest
  @MethodSource("models")
  void numPyDecodesWhatTheModelDecodes(String flags) throws Exception {
    assume("numpy");
    decodes(flags);
  }

  @ParameterizedTest
  @MethodSource("models")
  void pyTorchDecodesWhatTheModelDecodes(String flags) throws Exception {
    assume("torch");
    decodes(flags, "torch");
  }

  private static void decodes(String flags, String... layers) throws Exception {
    String name = Integer.toHexString(flags.hashCode());
    Path trained = home.resolve(name);
    Path export = home.resolve(name + "-export");
    if (!Files.exists(export)) {
      assertThat(train(trained, flags.split(" ")).err()).isEmpty();
      assertThat(call("export", trained.toString(), "--out", export.toString()).err()).isEmpty();
    }
    Path file = encoded(trained, name + ".npz");
    Path out = home.resolve(name + ".npy");
    Files.deleteIfExists(out);
    List<String> line =
        new ArrayList<>(List.of(READER, export.toString(), file.toString(), out.toString()));
    line.addAll(List.of(layers));
    Ran ran = python(line.toArray(String[]::new));
    assertThat(ran.said()).isEmpty();
    assertThat(ran.status()).isZero();
    TokenAutoencoder model = new Run(trained).tokens(Devices.named("cpu")).autoencoder();
    Codes codes = Codes.read(file);
    float[] wanted = Tensors.floats(model.decode(codes.tokens(), codes.maskBits()));
    float[] made = new float[wanted.length];
    try (var in = Files.newInputStream(out)) {
      ByteBuffer.wrap(NpyArray.read(in, "pictures").bytes())
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(made);
    }
    double most = 0;
    for (int i = 0; i < made.length; i++) {
      most = Math.max(most, Math.abs(made[i] - wanted[i]));
    }
    assertThat(most).isLessThan(1e-5);
  }

  @Test
  void bfloat16IsReadAndOtherCodesAreRefused() throws Exception {
    assume("numpy");
    Path half = home.resolve("half");
    assertThat(
            call("export", run.toString(), "--out", half.toString(), "--precision", "bf16").err())
        .isEmpty();
    Path out = home.resolve("half.npy");
    Path codes = encoded(run, "of-run.npz");
    assertThat(python(READER, half.toString(), codes.toString(), out.toString()).said()).isEmpty();
    assertThat(Files.size(out)).isEqualTo(128 + 60 * 3 * 32 * 32 * Float.BYTES);
    Path other = home.resolve("stranger");
    assertThat(train(other, "--seed", "3").err()).isEmpty();
    Path strange = encoded(other, "strange.npz");
    Ran refused = python(READER, half.toString(), strange.toString(), out.toString());
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.said()).contains("strange.npz was encoded by the model");
  }
}
