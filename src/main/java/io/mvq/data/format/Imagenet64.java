package io.mvq.data.format;

import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.data.Listing;
import io.mvq.data.fetch.CacheFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * ImageNet in its downsampled form of 64 x 64 (Chrabaszcz, Loshchilov and Hutter, arXiv
 * 1707.08819): batches train_data_batch_1 to train_data_batch_10 and val_data, each a .npz or an
 * older pickle without ending, of {@code data}, uint8 (n, 12288) planar RGB, and {@code labels}, 1
 * to 1000.
 *
 * <p>Images are mapped, not held: a pickle's where they lie, a .npz's from a copy unpacked once in
 * the cache folder (12,288 bytes an image, 16 GB for all).
 */
public final class Imagenet64 {
  private Imagenet64() {}

  static final int SIDE = 64;
  static final int IMAGE_BYTES = 3 * SIDE * SIDE;
  static final int CLASSES = 1000;
  private static final int BATCHES = 10;

  /** Opens a folder; classes are named by their label, {@code 1} to {@code 1000}. */
  public static Dataset open(CacheFolder cache, Path folder, int side, int channels)
      throws IOException {
    List<Path> training = new ArrayList<>();
    for (int i = 1; i <= BATCHES; i++) {
      Path file = find(folder, "train_data_batch_" + i);
      if (file != null) {
        training.add(file);
      }
    }
    Path heldOut = find(folder, "val_data");
    if (training.isEmpty() || heldOut == null) {
      throw new IOException(
          folder
              + ": must hold train_data_batch_1 to train_data_batch_10 (or some of them) and"
              + " val_data, as .npz or as pickles without ending");
    }
    return new Dataset(
        "imagenet64",
        images(cache, training, side, channels),
        images(cache, List.of(heldOut), side, channels));
  }

  private static ImageSource images(CacheFolder cache, List<Path> files, int side, int channels)
      throws IOException {
    List<MappedImages.Part> parts = new ArrayList<>();
    IntStream.Builder labels = IntStream.builder();
    for (Path file : files) {
      ImageBatch batch =
          file.toString().endsWith(".npz")
              ? ImageBatch.npz(cache, file)
              : ImageBatch.pickle(cache, file);
      parts.add(batch.images());
      for (int label : labels(file, batch)) {
        labels.add(label);
      }
    }
    List<String> classes = IntStream.rangeClosed(1, CLASSES).mapToObj(Integer::toString).toList();
    return new MappedImages(
        parts, SIDE, new Listing(side, channels, classes, labels.build().toArray()));
  }

  private static int[] labels(Path file, ImageBatch batch) throws IOException {
    int[] labels = batch.labels();
    if (labels.length != batch.images().count()) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: labels must be one an image, %d, got %d",
              file,
              batch.images().count(),
              labels.length));
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 1 || labels[i] > CLASSES) {
        throw new IOException(
            String.format(
                Locale.ROOT, "%s: label %d must be 1 to %d, got %d", file, i, CLASSES, labels[i]));
      }
    }
    return IntStream.of(labels).map(label -> label - 1).toArray();
  }

  private static Path find(Path folder, String name) {
    for (String ending : List.of(".npz", "")) {
      Path file = folder.resolve(name + ending);
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    return null;
  }
}
