package io.mvq.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.data.Dataset;
import io.mvq.data.set.Datasets;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFilesTest {
  @TempDir Path folder;
  private Path images;
  private Path labels;

  @BeforeEach
  void write() throws IOException {
    images = folder.resolve("train-images-idx3-ubyte");
    labels = folder.resolve("train-labels-idx1-ubyte");
    Files.write(images, idx(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 2, 2));
    Files.write(labels, idx(new byte[] {9, 0}, 2));
    gzip("t10k-images-idx3-ubyte.gz", idx(new byte[28 * 28], 1, 28, 28));
    gzip("t10k-labels-idx1-ubyte.gz", idx(new byte[] {3}, 1));
  }

  @Test
  void plainAndGzipFilesAreRead() throws IOException {
    Dataset set = open(2, 1);
    byte[] image = new byte[4];
    set.train().read(1, image);
    assertThat(image).containsExactly(5, 6, 7, 8);
    assertThat(set.train().label(0)).isEqualTo(9);
    assertThat(set.test().label(0)).isEqualTo(3);
    assertThat(set.test().classes()).hasSize(10);
  }

  @Test
  void twentyEightIsPaddedToThirtyTwo() throws IOException {
    byte[] white = new byte[28 * 28];
    Arrays.fill(white, (byte) 255);
    gzip("t10k-images-idx3-ubyte.gz", idx(white, 1, 28, 28));
    byte[] image = new byte[3 * 1024];
    open(32, 3).test().read(0, image);
    assertThat(image[32 + 16]).isZero();
    assertThat(image[2 * 32 + 1]).isZero();
    assertThat(image[2 * 32 + 2]).isEqualTo((byte) 255);
    assertThat(image[2048 + 29 * 32 + 29]).isEqualTo((byte) 255);
    assertThat(image[2048 + 30 * 32 + 29]).isZero();
  }

  @Test
  void truncatedFilesAreNamedWithTheirSizes() throws IOException {
    Files.write(images, Arrays.copyOf(Files.readAllBytes(images), 21));
    assertFails(images + ": truncated: its header promises 24 bytes, got 21");
    Files.write(images, new byte[] {0, 0, 8, 3, 0});
    assertFails(images + ": truncated within its header");
    Files.write(labels, idx(new byte[] {9}, 2));
    assertFails(labels + ": truncated: its header promises 10 bytes, got 9");
  }

  @Test
  void aDamagedGzipIsNamed() throws IOException {
    Path file = folder.resolve("t10k-images-idx3-ubyte.gz");
    byte[] noise = new byte[784];
    new Random(1).nextBytes(noise);
    gzip(file.getFileName().toString(), idx(noise, 1, 28, 28));
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 300));
    assertThatThrownBy(() -> open(2, 1))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": damaged gzip: ");
    Files.write(labels, new byte[] {0x1f, (byte) 0x8b, 9, 9});
    assertThatThrownBy(() -> open(2, 1)).hasMessageStartingWith(labels + ": damaged gzip: ");
  }

  @Test
  void wrongHeadersAndCountsAreNamed() throws IOException {
    Files.write(images, idx(new byte[4], 4));
    assertFails(
        images + ": an IDX file of 3 dimensions of uint8 begins with 00000803, got 00000801");
    Files.write(images, idx(new byte[4], 1, 2, 2));
    assertFails(images + " holds 1 images, but " + labels + " holds 2 labels");
    Files.write(images, idx(new byte[9], 2, 2, 2));
    assertFails(images + ": has more bytes than its header promises");
    Files.write(images, idx(new byte[0], -5, 2, 2));
    assertThatThrownBy(() -> open(2, 1)).hasMessageEndingWith("got size -5");
    Files.write(images, idx(new byte[0], 2, 100_000, 2));
    assertThatThrownBy(() -> open(2, 1)).hasMessageEndingWith("got size 100000");
    Files.write(labels, idx(new byte[] {1, 10}, 2));
    assertFails(labels + ": label 1 must be below 10, got 10");
    Files.delete(labels);
    assertFails(
        folder + ": must hold train-labels-idx1-ubyte or train-labels-idx1-ubyte.gz, has neither");
  }

  private void assertFails(String message) {
    assertThatThrownBy(() -> open(2, 1)).isInstanceOf(IOException.class).hasMessage(message);
  }

  private Dataset open(int side, int channels) throws IOException {
    return Datasets.open("idx:" + folder, side, channels);
  }

  private void gzip(String name, byte[] bytes) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve(name)))) {
      out.write(bytes);
    }
  }

  private static byte[] idx(byte[] data, int... sizes) {
    ByteBuffer file = ByteBuffer.allocate(4 + 4 * sizes.length + data.length);
    file.putInt(0x800 + sizes.length);
    for (int size : sizes) {
      file.putInt(size);
    }
    return file.put(data).array();
  }
}
