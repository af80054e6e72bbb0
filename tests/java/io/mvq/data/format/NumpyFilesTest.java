package io.mvq.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.data.set.Datasets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumpyFilesTest {
  @TempDir Path folder;

  @Test
  void trainAndTestWithLabelsAreRead() throws IOException {
    byte[] labels =
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(2).putLong(0).array();
    Path file =
        npz(
            Map.of(
                "x_train", npy("|u1", "2, 1, 1", new byte[] {7, 8}),
                "y_train", npy("<i8", "2, 1", labels),
                "x_test", npy("|u1", "1, 1, 1", new byte[] {9}),
                "y_test", npy("|u1", "1,", new byte[] {1})));
    Dataset set = Datasets.open("npz:" + file, 1, 1);
    assertThat(read(set.train(), 1)).containsExactly(8);
    assertThat(set.train().label(0)).isEqualTo(2);
    assertThat(set.test().label(0)).isEqualTo(1);
    assertThat(set.test().classes()).containsExactly("0", "1", "2");
  }

  @Test
  void channelsMayBeFirstOrLast() throws IOException {
    byte[] values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    Path last = write("last.npy", npy("|u1", "1, 2, 2, 3", values));
    assertThat(read(whole(last, 2), 0)).containsExactly(1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12);
    Path first = write("first.npy", npy("|u1", "1, 3, 2, 2", values));
    assertThat(read(whole(first, 2), 0)).containsExactly(values);
  }

  @Test
  void imagesAloneAreSplitAndUnlabelled() throws IOException {
    Path file = npz(Map.of("arr_0", npy("|u1", "50, 1, 1", new byte[50])));
    Dataset set = Datasets.open("npz:" + file, 1, 1);
    assertThat(set.train().size() + set.test().size()).isEqualTo(50);
    assertThat(set.test().size()).isBetween(1, 15);
    assertThat(set.train().classes()).isEmpty();
    assertThat(set.train().label(0)).isEqualTo(-1);
  }

  @Test
  void faultsAreNamed() throws IOException {
    Path file = write("a.npy", npy("<f4", "1, 1, 1", new byte[4]));
    assertFails(file, "images must be uint8 of shape (n, h, w)", "got f4 [1, 1, 1]");
    write("a.npy", npy("|u1", "2, 2", new byte[4]));
    assertFails(file, "got u1 [2, 2]");
    write("a.npy", npy("|u1", "2, 2, 2", new byte[5]));
    assertFails(file, "truncated: its header promises 8 bytes of data, got 5");
    write("a.npy", npy("|u1", "0, 2, 2", new byte[0]));
    assertFails(file, "must be in C order and of 1 to 2,147,483,639 bytes");
    write("a.npy", npy("|u1", "99999, 99999, 99999", new byte[8]));
    assertFails(file, "must be in C order");
    write(
        "a.npy",
        new String(npy("|u1", "1, 1, 1", new byte[1]), StandardCharsets.ISO_8859_1)
            .replace("False,", "True, ")
            .getBytes(StandardCharsets.ISO_8859_1));
    assertFails(file, "got Fortran order");
    write("a.npy", "hello".getBytes(StandardCharsets.UTF_8));
    assertFails(file, "not a NumPy array");
    byte[] whole = npy("|u1", "1, 1, 1", new byte[1]);
    for (int length = 0; length < whole.length; length++) {
      write("a.npy", Arrays.copyOf(whole, length));
      assertFails(file, "");
    }
  }

  @Test
  void keysAndLabelsAreChecked() throws IOException {
    byte[] two = npy("|u1", "2, 1, 1", new byte[2]);
    Path file = npz(Map.of("pictures", two));
    assertFails(file, "must hold train_images and test_images", "holds [pictures.npy]");
    npz(Map.of("images", two, "labels", npy("|u1", "1,", new byte[1])));
    assertFails(file, "!labels: must hold one label an image, 2, got 1");
    npz(Map.of("images", two, "labels", npy("|i1", "2,", new byte[] {0, -1})));
    assertFails(file, "!labels: label 1 must be 0 to 9999, got -1");
    npz(Map.of("images", two, "labels", npy("<f4", "2,", new byte[8])));
    assertFails(file, "!labels: labels must be whole numbers of shape (n) or (n, 1)");
    Files.write(file, new byte[] {'P', 'K', 3, 4, 0});
    assertFails(file, "");
  }

  private static void assertFails(Path file, String... parts) {
    assertThatThrownBy(() -> Datasets.open("npz:" + file, 1, 1))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContainingAll(parts);
  }

  private ImageSource whole(Path file, int side) throws IOException {
    Dataset set = Datasets.open("npz:" + file, side, 3);
    return set.train().size() > 0 ? set.train() : set.test();
  }

  private static byte[] read(ImageSource source, int index) throws IOException {
    byte[] image = new byte[source.imageBytes()];
    source.read(index, image);
    return image;
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private Path npz(Map<String, byte[]> arrays) throws IOException {
    Path file = folder.resolve("set.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (var entry : new TreeMap<>(arrays).entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey() + ".npy"));
        zip.write(entry.getValue());
      }
    }
    return file;
  }

  /** Version 1.0 of the format, as numpy.save writes it. */
  static byte[] npy(String type, String shape, byte[] data) {
    String dict = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }";
    byte[] header = String.format("%-117s\n", dict).getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(10 + header.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) header.length)
        .put(header)
        .put(data)
        .array();
  }
}
