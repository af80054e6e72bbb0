package io.mvq.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedTensorsTest {
  @TempDir Path folder;

  private Path written() throws IOException {
    Path file = folder.resolve("t.safetensors");
    SealedTensors.write(
        file, Map.of("x", Tensors.of(new float[] {1, 2, 3}, 3)), Map.of("made", "so"));
    return file;
  }

  @Test
  void whatWasWrittenIsReadAndWrittenOver() throws IOException {
    written();
    Safetensors read = SealedTensors.read(written());
    assertThat(Tensors.floats(read.tensors().get("x"))).containsExactly(1, 2, 3);
    assertThat(read.metadata()).containsEntry("made", "so").containsKey(SealedTensors.SEAL);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void everyFlippedBitOfAWeightIsFound() throws IOException {
    Path file = written();
    byte[] whole = Files.readAllBytes(file);
    for (int bit = 0; bit < 12 * 8; bit++) {
      byte[] flipped = whole.clone();
      flipped[whole.length - 12 + bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, flipped);
      assertThatThrownBy(() -> SealedTensors.read(file))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(file + " is damaged: its tensors do not have the SHA-256");
    }
  }

  @Test
  void aChangedTextIsFoundAndAFileWithoutASealIsRead() throws IOException {
    Path file = written();
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    String other = text.replace("\"so\"", "\"to\"");
    Files.write(file, other.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> SealedTensors.read(file)).hasMessageContaining("is damaged");
    Path plain = folder.resolve("plain.safetensors");
    new Safetensors(Map.of("x", Tensors.of(new float[] {1}, 1)), Map.of()).write(plain);
    assertThat(SealedTensors.read(plain).tensors()).containsKey("x");
  }
}
