package io.mvq.data.format;

import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.data.StoredImages;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.openlca.npy.NpyByteOrder;
import org.openlca.npy.NpyDataType;
import org.openlca.npy.NpyFormatException;
import org.openlca.npy.NpyHeader;
import org.openlca.npy.dict.NpyHeaderDict;

/**
 * NumPy arrays of images, uint8, in C order: (n, h, w), (n, h, w, c) or (n, c, h, w) with c 1 or 3.
 *
 * <p>Keys of a .npz: {@code train_images} and {@code test_images} (or {@code x_train} and {@code
 * x_test}), or {@code images} (or {@code arr_0}) alone, which is then split by a hash of the index.
 * Labels are optional: {@code train_labels} and {@code test_labels} (or {@code y_train} and {@code
 * y_test}), or {@code labels}; whole numbers of any type, shape (n) or (n, 1). A .npy is images
 * alone.
 */
public final class NumpyFiles {
  private NumpyFiles() {}

  private static final List<List<String>> TRAIN =
      List.of(List.of("train_images", "x_train"), List.of("train_labels", "y_train"));
  private static final List<List<String>> TEST =
      List.of(List.of("test_images", "x_test"), List.of("test_labels", "y_test"));
  private static final List<List<String>> WHOLE =
      List.of(List.of("images", "arr_0"), List.of("labels"));

  /** An array in memory. */
  record Array(String where, int[] shape, NpyHeaderDict header, byte[] bytes) {}

  public static Dataset open(Path file, int side, int channels) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException("no file at " + file.toAbsolutePath());
    }
    if (file.toString().endsWith(".npy")) {
      try (InputStream in = Files.newInputStream(file)) {
        return whole(images(array(in, file.toString()), null, 0, side, channels));
      }
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      Array train = find(zip, TRAIN.get(0));
      Array test = find(zip, TEST.get(0));
      if (train != null && test != null) {
        Array trainLabels = find(zip, TRAIN.get(1));
        Array testLabels = find(zip, TEST.get(1));
        int classes = Math.max(classes(trainLabels), classes(testLabels));
        return new Dataset(
            "npz",
            images(train, trainLabels, classes, side, channels),
            images(test, testLabels, classes, side, channels));
      }
      Array all = find(zip, WHOLE.get(0));
      if (all == null) {
        throw new IOException(
            file
                + ": must hold train_images and test_images (or x_train and x_test), or images (or"
                + " arr_0); holds "
                + zip.stream().map(ZipEntry::getName).toList());
      }
      Array labels = find(zip, WHOLE.get(1));
      return whole(images(all, labels, classes(labels), side, channels));
    } catch (ZipException e) {
      throw new IOException(file + ": not a readable .npz: " + e.getMessage(), e);
    }
  }

  private static Dataset whole(ImageSource source) {
    return Dataset.split("npz", source, Integer::toString);
  }

  private static ImageSource images(Array array, Array labels, int classes, int side, int channels)
      throws IOException {
    int[] shape = array.shape();
    boolean last = shape.length == 4 && (shape[3] == 1 || shape[3] == 3);
    boolean first = shape.length == 4 && !last && (shape[1] == 1 || shape[1] == 3);
    if (!array.header().dataType().equals(NpyDataType.u1)
        || !(shape.length == 3 || last || first)) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: images must be uint8 of shape (n, h, w), (n, h, w, c) or (n, c, h, w) with c 1"
                  + " or 3, got %s %s",
              array.where(),
              array.header().dataType().name(),
              Arrays.toString(shape)));
    }
    int c = last ? shape[3] : first ? shape[1] : 1;
    int h = first ? shape[2] : shape[1];
    int w = first ? shape[3] : shape[2];
    byte[][] images = new byte[shape[0]][];
    for (int i = 0; i < images.length; i++) {
      int at = i * c * h * w;
      Raster image =
          last
              ? Raster.ofInterleaved(array.bytes(), at, c, h, w)
              : new Raster(c, h, w, Arrays.copyOfRange(array.bytes(), at, at + c * h * w));
      images[i] = image.withChannels(channels).fitted(side).pixels();
    }
    if (labels == null) {
      return StoredImages.unlabelled(side, channels, images);
    }
    List<String> names = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    int[] values = labels(labels);
    if (values.length != images.length) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: must hold one label an image, %d, got %d",
              labels.where(),
              images.length,
              values.length));
    }
    return new StoredImages(side, channels, names, images, values);
  }

  private static int classes(Array labels) throws IOException {
    return labels == null ? 0 : Arrays.stream(labels(labels)).max().orElse(-1) + 1;
  }

  /** Whole numbers of any type, 0 to 9999. */
  static int[] labels(Array array) throws IOException {
    int width = array.header().dataType().size();
    String type = array.header().dataType().name();
    int count = array.shape().length == 0 ? 0 : array.shape()[0];
    if (!type.matches("[iu][1248]") || array.bytes().length != (long) count * width) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: labels must be whole numbers of shape (n) or (n, 1), got %s %s",
              array.where(),
              array.header().dataType().name(),
              Arrays.toString(array.shape())));
    }
    boolean big = array.header().byteOrder() == NpyByteOrder.BIG_ENDIAN;
    ByteBuffer bytes =
        ByteBuffer.wrap(array.bytes()).order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      long value =
          switch (width) {
            case 1 -> type.equals("u1") ? bytes.get(i) & 255 : bytes.get(i);
            case 2 -> bytes.getShort(2 * i);
            case 4 -> bytes.getInt(4 * i);
            default -> bytes.getLong(8 * i);
          };
      if (value < 0 || value >= 10_000) {
        throw new IOException(
            String.format(
                Locale.ROOT, "%s: label %d must be 0 to 9999, got %d", array.where(), i, value));
      }
      labels[i] = (int) value;
    }
    return labels;
  }

  /** The first array of these keys, or null. */
  static Array find(ZipFile zip, List<String> keys) throws IOException {
    for (String key : keys) {
      ZipEntry entry = zip.getEntry(key + ".npy");
      if (entry != null) {
        try (InputStream in = zip.getInputStream(entry)) {
          return array(in, zip.getName() + "!" + key);
        }
      }
    }
    return null;
  }

  private static Array array(InputStream raw, String where) throws IOException {
    try (InputStream in = new BufferedInputStream(raw)) {
      NpyHeaderDict header = NpyHeader.read(in).dict();
      long expected = header.dataType().size();
      for (int size : header.shape()) {
        expected = Math.multiplyExact(expected, size);
      }
      if (header.hasFortranOrder() || expected < 1 || expected > Integer.MAX_VALUE - 8) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s: must be in C order and of 1 to %,d bytes, got %s order and %,d bytes; save"
                    + " numpy.ascontiguousarray(images)",
                where,
                Integer.MAX_VALUE - 8,
                header.hasFortranOrder() ? "Fortran" : "C",
                expected));
      }
      byte[] bytes = in.readNBytes((int) expected);
      if (bytes.length < expected) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s: truncated: its header promises %,d bytes of data, got %,d",
                where,
                expected,
                bytes.length));
      }
      return new Array(where, header.shape(), header, bytes);
    } catch (NpyFormatException | ArithmeticException e) {
      throw new IOException(where + ": not a NumPy array: " + e.getMessage(), e);
    }
  }
}
