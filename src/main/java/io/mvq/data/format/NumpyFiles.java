package io.mvq.data.format;

import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.data.StoredImages;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

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

  private static final int MOST_CLASSES = 10_000;

  public static Dataset open(Path file, int side, int channels) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException("no file at " + file.toAbsolutePath());
    }
    if (file.toString().endsWith(".npy")) {
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
        return whole(images(NpyArray.read(in, file.toString()), null, 0, side, channels));
      }
    }
    try (Npz npz = Npz.open(file)) {
      NpyArray train = find(npz, TRAIN.get(0));
      NpyArray test = find(npz, TEST.get(0));
      if (train != null && test != null) {
        NpyArray trainLabels = find(npz, TRAIN.get(1));
        NpyArray testLabels = find(npz, TEST.get(1));
        int classes = Math.max(classes(trainLabels), classes(testLabels));
        return new Dataset(
            "npz",
            images(train, trainLabels, classes, side, channels),
            images(test, testLabels, classes, side, channels));
      }
      NpyArray all = find(npz, WHOLE.get(0));
      if (all == null) {
        throw new IOException(
            file
                + ": must hold train_images and test_images (or x_train and x_test), or images (or"
                + " arr_0); holds "
                + Printable.of(npz.names().toString()));
      }
      NpyArray labels = find(npz, WHOLE.get(1));
      return whole(images(all, labels, classes(labels), side, channels));
    }
  }

  private static Dataset whole(ImageSource source) {
    return Dataset.split("npz", source, Integer::toString);
  }

  private static ImageSource images(
      NpyArray array, NpyArray labels, int classes, int side, int channels) throws IOException {
    int[] shape = array.shape();
    boolean last = shape.length == 4 && (shape[3] == 1 || shape[3] == 3);
    boolean first = shape.length == 4 && !last && (shape[1] == 1 || shape[1] == 3);
    if (!array.type().equals(NpyType.UINT8)
        || !(shape.length == 3 || last || first)
        || array.bytes().length == 0) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: images must be uint8 of shape (n, h, w), (n, h, w, c) or (n, c, h, w) with c 1"
                  + " or 3, none of them 0, got %s %s",
              array.where(),
              array.type().name(),
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

  private static int classes(NpyArray labels) throws IOException {
    return labels == null ? 0 : Arrays.stream(labels(labels)).max().orElse(-1) + 1;
  }

  /** Whole numbers of any type, 0 to 9999, of shape (n) or (n, 1). */
  static int[] labels(NpyArray array) throws IOException {
    int[] shape = array.shape();
    if (!array.type().isWhole() || shape.length == 0 || array.count() != shape[0]) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: labels must be whole numbers of shape (n) or (n, 1), got %s %s",
              array.where(),
              array.type().name(),
              Arrays.toString(shape)));
    }
    return Arrays.stream(array.whole("labels", 0, MOST_CLASSES - 1))
        .mapToInt(Math::toIntExact)
        .toArray();
  }

  /** The first array of these keys, or null. */
  static NpyArray find(Npz npz, List<String> keys) throws IOException {
    for (String key : keys) {
      NpyArray array = npz.find(key);
      if (array != null) {
        return array;
      }
    }
    return null;
  }
}
