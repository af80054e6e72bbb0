package io.mvq.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.data.fetch.CacheFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Imagenet64Test {
  private static final Path GOLDEN = Path.of("tests/golden/imagenet64");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"python2", "protocol2", "protocol3", "protocol4", "protocol5"})
  void picklesOfAllAgesAreRead(String name) throws IOException {
    Files.write(folder.resolve("train_data_batch_1"), golden(name));
    Files.write(folder.resolve("val_data"), golden("protocol3"));
    Dataset set = open(64, 3);
    assertThat(set.train().size()).isEqualTo(2);
    assertThat(set.train().classes()).hasSize(1000).startsWith("1", "2").endsWith("1000");
    assertThat(set.train().label(0)).isEqualTo(0);
    assertThat(set.train().label(1)).isEqualTo(999);
    assertThat(read(set.train(), 0)).isEqualTo(image(0));
    assertThat(read(set.train(), 1)).isEqualTo(image(1));
  }

  @Test
  void npzBatchesAreReadInTheirOrder() throws IOException {
    npz("train_data_batch_10", new int[] {2, 12288}, 3, 4);
    npz("train_data_batch_2", new int[] {1, 12288}, 5);
    npz("val_data", new int[] {1, 12288}, 1000);
    Dataset set = open(64, 3);
    assertThat(set.train().size()).isEqualTo(3);
    assertThat(set.train().label(0)).isEqualTo(4);
    assertThat(set.train().label(2)).isEqualTo(3);
    assertThat(read(set.train(), 2)).isEqualTo(image(1));
    assertThat(read(set.test(), 0)).isEqualTo(image(0));
    byte[] small = new byte[16 * 16];
    open(16, 1).train().read(2, small);
    assertThat(small)
        .isEqualTo(new Raster(3, 64, 64, image(1)).withChannels(1).fitted(16).pixels());
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil", "evil4"})
  void aPickleThatWouldRunACommandIsRefused(String name) throws IOException {
    Path file = Files.write(folder.resolve("val_data"), golden(name));
    assertThatThrownBy(() -> Pickle.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageMatching(
            file
                + ": refused: the pickle asks for posix.system at byte \\d+; only plain data and"
                + " NumPy arrays are read, and nothing was run");
    assertThat(Path.of("EVIL_WAS_RUN")).doesNotExist();
  }

  @Test
  void otherOperationsAndNamesAreRefused() throws IOException {
    assertPickleFails("\u0080\u0002cnumpy\nload\n.", "asks for numpy.load at byte 2;");
    assertPickleFails("\u0080\u0002P1\n.", "asks for operation 0x50 at byte 2;");
    assertPickleFails("\u0080\u0002\u0082\u0001.", "asks for operation 0x82 at byte 2;");
    assertPickleFails("\u0080\u0009N.", "protocol must be 2 to 5, got 9");
    assertPickleFails("\u0080\u0002cnumpy\nndarray\n)R.", "cannot be understood at byte 18");
    assertPickleFails("\u0080\u0002h\u0007.", "cannot be understood at byte 2");
    assertPickleFails("\u0080\u0002t.", "cannot be understood at byte 2");
    assertPickleFails("\u0080\u0002N}u.", "cannot be understood at byte 4");
    assertPickleFails("\u0080\u0002B\u00ff\u00ff\u00ff\u007f.", "truncated");
    assertPickleFails("(lp0\n.", "asks for operation 0x6c at byte 1;");
  }

  @Test
  void aPickleCutAnywhereIsNamed() throws IOException {
    byte[] whole = golden("protocol4");
    Path file = folder.resolve("cut");
    for (int length = 0; length < whole.length; length += length < 400 ? 1 : 997) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Pickle.read(file))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(file + ": truncated: the pickle ends within the value at byte");
    }
  }

  @Test
  void wrongSizesAndLabelsAreNamed() throws IOException {
    Path train = folder.resolve("train_data_batch_1.npz");
    npz("val_data", new int[] {1, 12288}, 1);
    assertFails(folder + ": must hold train_data_batch_1 to train_data_batch_10 (or some of them)");
    npz("train_data_batch_1", new int[] {4, 3072}, 1, 1, 1, 1);
    assertFails(
        train
            + ": data must be uint8 (u1) of shape (n, 12288), n at most 2,000,000, in C order, got u1 [4, 3072] in C"
            + " order");
    npz("train_data_batch_1", new int[] {2, 12288}, 1);
    assertFails(train + ": labels must be one an image, 2, got 1");
    npz("train_data_batch_1", new int[] {2, 12288}, 1, 1001);
    assertFails(train + ": label 1 must be 1 to 1000, got 1001");
    npz("train_data_batch_1", new int[] {2, 12288}, 0, 1);
    assertFails(train + ": label 0 must be 1 to 1000, got 0");
    Files.write(train, Arrays.copyOf(Files.readAllBytes(train), 100));
    assertFails(train + ": not a readable .npz: ");
    Files.delete(train);
    Path pickle = folder.resolve("train_data_batch_1");
    Files.writeString(pickle, "\u0080\u0002}.", StandardCharsets.ISO_8859_1);
    assertFails(pickle + ": must be a dict of data, an array, and labels, a list");
    byte[] wrong = golden("python2");
    int rows = new String(wrong, StandardCharsets.ISO_8859_1).indexOf("K\u0001K\u0002M") + 3;
    wrong[rows] = 3;
    Files.write(pickle, wrong);
    assertFails(pickle + ": data of shape [3, 12288] needs 36,864 bytes, got 24,576");
  }

  private Dataset open(int side, int channels) throws IOException {
    return Imagenet64.open(new CacheFolder(folder.resolve("cache")), folder, side, channels);
  }

  private void assertFails(String start) {
    assertThatThrownBy(() -> open(64, 3))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(start);
  }

  private void assertPickleFails(String bytes, String part) throws IOException {
    Path file = folder.resolve("pickle");
    Files.writeString(file, bytes, StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> Pickle.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(part);
  }

  private void npz(String name, int[] shape, long... labels) throws IOException {
    byte[] data = new byte[shape[0] * shape[1]];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (7 * (i % 12288) + 100 * (i / 12288));
    }
    try (ZipOutputStream zip =
        new ZipOutputStream(Files.newOutputStream(folder.resolve(name + ".npz")))) {
      zip.putNextEntry(new ZipEntry("data.npy"));
      zip.write(NumpyFilesTest.npy("|u1", shape[0] + ", " + shape[1], data));
      zip.putNextEntry(new ZipEntry("labels.npy"));
      ByteBuffer values = ByteBuffer.allocate(8 * labels.length).order(ByteOrder.LITTLE_ENDIAN);
      values.asLongBuffer().put(labels);
      zip.write(NumpyFilesTest.npy("<i8", labels.length + ",", values.array()));
    }
  }

  private static byte[] golden(String name) throws IOException {
    try (GZIPInputStream in =
        new GZIPInputStream(Files.newInputStream(GOLDEN.resolve(name + ".pickle.gz")))) {
      return in.readAllBytes();
    }
  }

  private static byte[] image(int index) {
    byte[] image = new byte[12288];
    for (int p = 0; p < image.length; p++) {
      image[p] = (byte) (7 * p + 100 * index);
    }
    return image;
  }

  private static byte[] read(ImageSource source, int index) throws IOException {
    byte[] image = new byte[source.imageBytes()];
    source.read(index, image);
    return image;
  }
}
