package io.mvq.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.data.Damage;
import io.mvq.data.format.NpyArray;
import io.mvq.data.format.NpyType;
import io.mvq.data.format.Npz;
import io.mvq.quantize.Encoding;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import io.mvq.train.SealedTensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodesTest {
  @TempDir Path folder;

  @Test
  void masksAreWhatTheFileSaysTheyAre() throws IOException {
    Path file = folder.resolve("codes.npz");
    new Codes(
            Tensors.of(new long[] {3, 4}, 2, 1),
            Tensors.of(new long[] {1, 0, 0, 1}, 2, 1, 2).to(ScalarType.Byte),
            CodesAbout.NOTHING)
        .write(file);
    try (Npz npz = Npz.open(file)) {
      assertThat(npz.find("masks").type()).isEqualTo(NpyType.UINT8);
      assertThat(npz.find("tokens").type()).isEqualTo(NpyType.INT64);
    }
    assertThat(Tensors.longs(Codes.read(file).masks())).containsExactly(1, 0, 0, 1);
  }

  @Test
  void codesWithoutMasksHaveNoneInTheFile() throws IOException {
    for (String name : List.of("plain.npz", "plain.safetensors")) {
      Path file = folder.resolve(name);
      Codes.of(new Encoding(Tensors.of(new long[] {3, 4}, 2, 1)), 0, CodesAbout.NOTHING)
          .write(file);
      Codes read = Codes.read(file);
      assertThat(Shapes.of(read.masks())).containsExactly(2, 0, 1);
      assertThat(read.maskBits().isEmpty()).isTrue();
    }
    try (Npz npz = Npz.open(folder.resolve("plain.npz"))) {
      assertThat(npz.find("masks")).isNull();
    }
  }

  @Test
  void numbersThatAreNoCodesAreRefused() throws IOException {
    NpyType doubles = new NpyType('f', 8, false);
    refused(
        new NpyArray("tokens", doubles, new int[] {1, 1}, new byte[8]),
        NpyArray.of("masks", new byte[1], 1, 1, 1),
        "!tokens: tokens must be whole numbers, got f8");
    NpyArray tokens = NpyArray.of("tokens", new long[] {1}, 1, 1);
    NpyArray masks = NpyArray.of("masks", new byte[] {7}, 1, 1, 1);
    refused(tokens, masks, "!masks: masks must be 0 to 1, got 7 at place 0");
    refused(
        NpyArray.of("tokens", new long[] {-1}, 1, 1),
        NpyArray.of("masks", new byte[1], 1, 1, 1),
        "!tokens: tokens must be 0 to 9223372036854775807, got -1 at place 0");
  }

  @Test
  void namesModelAndWhatWasLeftOutAreReadBackFromBothFormats() throws IOException {
    for (String name : List.of("about.npz", "about.safetensors")) {
      Path file = folder.resolve(name);
      two("dark/é \"1\".png", "light/2.png").write(file);
      two("dark/é \"1\".png", "light/2.png").write(file); // over what is there
      CodesAbout about = Codes.read(file).about();
      assertThat(about.model()).isEqualTo(MODEL);
      assertThat(about.names()).containsExactly("dark/é \"1\".png", "light/2.png");
      assertThat(about.leftOut()).containsExactly(new Damage("3.png", "3.png: truncated"));
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(2); // nothing half-written is left
    }
  }

  @Test
  void namesAreOneARow() {
    assertThatThrownBy(() -> two("1.png"))
        .hasMessage("names must be one a row of tokens, 2, got 1");
    assertThatThrownBy(() -> two("1.png", "2.png", "3.png"))
        .hasMessage("names must be one a row of tokens, 2, got 3");
  }

  @Test
  void aFlippedBitIsFoundInBothFormats() throws IOException {
    for (String name : List.of("flip.npz", "flip.safetensors")) {
      Path file = folder.resolve(name);
      two("1.png", "2.png").write(file);
      byte[] whole = Files.readAllBytes(file);
      int found = 0;
      int same = 0;
      for (int i = 0; i < whole.length; i++) {
        byte[] flipped = whole.clone();
        flipped[i] ^= (byte) (1 << i % 8);
        Files.write(file, flipped);
        try {
          assertThat(Codes.read(file).about().names()).as("byte %d", i).hasSize(2);
          assertThat(Tensors.longs(Codes.read(file).tokens())).as("%d", i).containsExactly(3, 4);
          assertThat(Tensors.longs(Codes.read(file).masks())).containsExactly(1, 0, 0, 1);
          same++;
        } catch (IOException e) {
          assertThat(e).hasMessageContaining(file.toString());
          found++;
        }
      }
      assertThat(found).as(name + ", harmless " + same).isPositive();
    }
  }

  @Test
  void safetensorsThatAreNoCodesAreRefused() throws IOException {
    Tensor tokens = Tensors.of(new long[] {1, 2}, 2, 1);
    refused(
        Map.of("tokens", torch.full(new long[] {1, 1}, new Scalar(Double.NaN))),
        ": tokens must be whole numbers, [I64, I32, U8], got Float");
    refused(
        Map.of("tokens", Tensors.of(new long[] {1, -1}, 2, 1)),
        ": tokens must be 0 to 9223372036854775807, got -1");
    refused(
        Map.of("tokens", tokens, "masks", Tensors.of(new byte[] {1, 7}, 2, 1, 1)),
        ": masks must be 0 to 1, got 7");
    refused(
        Map.of("tokens", tokens, "masks", Tensors.of(new byte[] {1}, 1, 1, 1)),
        ": masks must have shape (2, any, any), got (1, 1, 1)");
    refused(
        Map.of("tokens", Tensors.of(new long[] {1}, 1)),
        ": tokens must have shape (any, any), got (1)");
    refused(
        Map.of("tokens", torch.zeros(new long[] {1L << 40, 0}, Tensors.options(ScalarType.Long))),
        ": tokens must have at least 1 row of 1 token, got shape (1099511627776, 0)");
    refused(
        Map.of("masks", Tensors.of(new byte[1], 1, 1, 1)), " holds no \"tokens\"; it has [masks]");
  }

  @Test
  void whatIsSaidOfCodesIsChecked() {
    for (String[] one :
        new String[][] {
          {"{", "w is damaged: it is not JSON"},
          {"[]", "w must be a JSON object with a whole number \"format\""},
          {"{\"format\":2}", "w has format 2, newer than the 1 that this mvq reads; update mvq"},
          {"{\"format\":1}", "w: names must be a list"},
          {"{\"format\":1,\"names\":[3]}", "w: each of names must be a text"},
          {"{\"format\":1,\"names\":[],\"left_out\":[{}]}", "w: a name in left_out must be a text"},
          {
            "{\"format\":1,\"names\":[],\"left_out\":[],\"model\":\"xyz\"}",
            "w: a model's identity must be 16 hexadecimal digits, got \"xyz\""
          }
        }) {
      assertThatThrownBy(() -> CodesAbout.read(one[0].getBytes(StandardCharsets.UTF_8), "w"))
          .isInstanceOf(IOException.class)
          .hasMessage(one[1]);
    }
    assertThatThrownBy(() -> CodesAbout.read(new byte[] {(byte) 0xff}, "w"))
        .hasMessage("w is damaged: it is not UTF-8");
  }

  private static final Identity MODEL = new Identity("0123456789abcdef");

  private static Codes two(String... names) {
    return new Codes(
        Tensors.of(new long[] {3, 4}, 2, 1),
        Tensors.of(new byte[] {1, 0, 0, 1}, 2, 1, 2),
        new CodesAbout(MODEL, List.of(names), List.of(new Damage("3.png", "3.png: truncated"))));
  }

  private void refused(Map<String, Tensor> tensors, String why) throws IOException {
    Path file = folder.resolve("bad.safetensors");
    SealedTensors.write(file, tensors, Map.of());
    assertThatThrownBy(() -> Codes.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + why);
  }

  private void refused(NpyArray tokens, NpyArray masks, String why) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Npz.write(out, Map.of("tokens", tokens, "masks", masks));
    Path file = Files.write(folder.resolve("codes.npz"), out.toByteArray());
    assertThatThrownBy(() -> Codes.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + why);
  }
}
