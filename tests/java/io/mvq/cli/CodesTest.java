package io.mvq.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.data.format.NpyArray;
import io.mvq.data.format.NpyType;
import io.mvq.data.format.Npz;
import io.mvq.tensor.Tensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
            Tensors.of(new long[] {1, 0, 0, 1}, 2, 1, 2).to(ScalarType.Byte))
        .write(file);
    try (Npz npz = Npz.open(file)) {
      assertThat(npz.find("masks").type()).isEqualTo(NpyType.UINT8);
      assertThat(npz.find("tokens").type()).isEqualTo(NpyType.INT64);
    }
    assertThat(Tensors.longs(Codes.read(file).masks())).containsExactly(1, 0, 0, 1);
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

  private void refused(NpyArray tokens, NpyArray masks, String why) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Npz.write(out, Map.of("tokens", tokens, "masks", masks));
    Path file = Files.write(folder.resolve("codes.npz"), out.toByteArray());
    assertThatThrownBy(() -> Codes.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + why);
  }
}
