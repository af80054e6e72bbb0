package io.mvq.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.data.Dataset;
import io.mvq.data.set.Datasets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarFilesTest {
  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    for (int i = 1; i <= 5; i++) {
      Files.write(folder.resolve("data_batch_" + i + ".bin"), record(i, i * 10));
    }
    Files.write(folder.resolve("test_batch.bin"), record(9, 200));
  }

  @Test
  void recordsAreLabelThenPlanes() throws IOException {
    Dataset set = Datasets.open("cifar10:" + folder, 32, 3);
    assertThat(set.train().size()).isEqualTo(5);
    assertThat(set.train().label(2)).isEqualTo(3);
    assertThat(set.test().classes().get(set.test().label(0))).isEqualTo("truck");
    byte[] image = new byte[3072];
    set.train().read(1, image);
    assertThat(image).containsOnly(20);
  }

  @Test
  void faultsAreNamed() throws IOException {
    Path test = folder.resolve("test_batch.bin");
    Files.write(test, new byte[3000]);
    assertFails(
        test
            + ": truncated: expected a multiple of 3073 bytes (label and 3 x 32 x 32), such as"
            + " 3,073, got 3,000");
    Files.write(test, record(10, 0));
    assertFails(test + ": label at byte 0 must be below 10, got 10");
    Files.delete(test);
    assertFails(test + ": missing; cifar10 needs the binary version's six .bin files");
  }

  private void assertFails(String message) {
    assertThatThrownBy(() -> Datasets.open("cifar10:" + folder, 32, 3))
        .isInstanceOf(IOException.class)
        .hasMessage(message);
  }

  private static byte[] record(int label, int value) {
    byte[] record = new byte[3073];
    Arrays.fill(record, (byte) value);
    record[0] = (byte) label;
    return record;
  }
}
