package io.mvq.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.data.set.Datasets;
import java.io.ByteArrayOutputStream;
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
    assertFails(file, "none of them 0, got u1 [0, 2, 2]");
    write("a.npy", npy("|u1", "99999, 99999, 99999", new byte[8]));
    assertFails(
        file, "must be of at most 2,147,483,639 bytes, got u1 of shape [99999, 99999, 99999]");
    write("a.npy", npy("|O", "1, 1, 1", new byte[8]));
    assertFails(file, "its type must be of whole numbers, floats or bools, got |O");
    write("a.npy", npy("|u1", "1, 1, 1), 'x': (1,", new byte[1]));
    assertFails(file, "its header must be a dict of descr, fortran_order and shape, got {'descr'");
    write("a.npy", npy("|u1", "1, 1, 1", new byte[2]));
    assertFails(file, "has more bytes than its header promises");
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
    assertFails(file, "must hold train_images and test_images", "holds [pictures]");
    npz(Map.of("images", two, "labels", npy("|u1", "1,", new byte[1])));
    assertFails(file, "!labels: must hold one label an image, 2, got 1");
    npz(Map.of("images", two, "labels", npy("|i1", "2,", new byte[] {0, -1})));
    assertFails(file, "!labels: labels must be 0 to 9999, got -1 at place 1");
    npz(Map.of("images", two, "labels", npy("<f4", "2,", new byte[8])));
    assertFails(file, "!labels: labels must be whole numbers of shape (n) or (n, 1)");
    Files.write(file, new byte[] {'P', 'K', 3, 4, 0});
    assertFails(file, "");
  }

  @Test
  void unsignedLabelsAreUnsigned() throws IOException {
    byte[] two = npy("|u1", "2, 1, 1", new byte[2]);
    Path file = npz(Map.of("images", two, "labels", npy("<u2", "2,", new byte[] {0, -112, 1, 0})));
    assertFails(file, "!labels: labels must be 0 to 9999, got 36864 at place 0");
    byte[] most = new byte[16];
    Arrays.fill(most, (byte) -1);
    npz(Map.of("images", two, "labels", npy("<u8", "2,", most)));
    assertFails(file, "!labels: labels must be 0 to 9999, got 18446744073709551615 at place 0");
    npz(Map.of("images", two, "labels", npy(">u2", "2,", new byte[] {0, 3, 1, 0})));
    Dataset set = Datasets.open("npz:" + file, 1, 1);
    assertThat(set.train().classes()).hasSize(257);
  }

  @Test
  void everyFlippedBitOfAMemberIsFoundByItsCrc() throws IOException {
    byte[] pixels = new byte[400];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 37);
    }
    Path file = npz(Map.of("images", npy("|u1", "100, 2, 2", pixels)));
    byte[] whole = Files.readAllBytes(file);
    int refused = 0;
    // The member's own header is repeated by the directory at the end, which is what is believed.
    int start = 30 + "images.npy".length();
    int end = new String(whole, StandardCharsets.ISO_8859_1).indexOf("PK\u0001\u0002") - 16;
    for (int at = start; at < end; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= (byte) (1 << (at % 8));
      Files.write(file, flipped);
      try (Npz npz = Npz.open(file)) {
        // The bits that pad the last byte mean nothing.
        assertThat(npz.find("images").bytes()).isEqualTo(pixels);
      } catch (IOException e) {
        assertThat(e).hasMessageStartingWith(file + "!images: ");
        refused++;
      }
    }
    assertThat(refused).isBetween(end - start - 1, end - start);
  }

  @Test
  void whatIsWrittenIsReadWithItsType() throws IOException {
    Path file = folder.resolve("codes.npz");
    Map<String, NpyArray> arrays =
        Map.of(
            "masks", NpyArray.of("masks", new byte[] {0, 1, 1}, 3, 1, 1),
            "tokens", NpyArray.of("tokens", new long[] {5, -6, Long.MAX_VALUE}, 3, 1));
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    Npz.write(first, new TreeMap<>(arrays));
    ByteArrayOutputStream again = new ByteArrayOutputStream();
    Npz.write(again, new TreeMap<>(arrays));
    assertThat(again.toByteArray()).isEqualTo(first.toByteArray());
    Files.write(file, first.toByteArray());
    try (Npz npz = Npz.open(file)) {
      assertThat(npz.names()).containsExactly("masks", "tokens");
      NpyArray masks = npz.find("masks");
      assertThat(masks.type()).isEqualTo(NpyType.UINT8);
      assertThat(masks.shape()).containsExactly(3, 1, 1);
      assertThat(masks.whole("masks", 0, 1)).containsExactly(0, 1, 1);
      NpyArray tokens = npz.find("tokens");
      assertThat(tokens.whole("tokens", Long.MIN_VALUE, Long.MAX_VALUE))
          .containsExactly(5, -6, Long.MAX_VALUE);
      assertThatThrownBy(() -> tokens.whole("tokens", 0, 15))
          .hasMessage(file + "!tokens: tokens must be 0 to 15, got -6 at place 1");
      assertThat(npz.find("other")).isNull();
    }
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
