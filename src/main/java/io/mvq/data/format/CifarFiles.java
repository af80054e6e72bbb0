package io.mvq.data.format;

import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.data.StoredImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * CIFAR-10's binary version: records of one label byte and 3072 bytes, planar RGB (3, 32, 32); the
 * files data_batch_1.bin to data_batch_5.bin and test_batch.bin.
 */
public final class CifarFiles {
  private CifarFiles() {}

  private static final List<String> CLASSES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");
  private static final long MOST_BYTES = 1L << 29; // CIFAR-10's files are 31 MB each
  private static final int SIDE = 32;
  private static final int RECORD = 1 + 3 * SIDE * SIDE;

  public static Dataset open(Path folder, int side, int channels) throws IOException {
    List<Path> train = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      train.add(folder.resolve("data_batch_" + i + ".bin"));
    }
    return new Dataset(
        "cifar10",
        read(train, side, channels),
        read(List.of(folder.resolve("test_batch.bin")), side, channels));
  }

  private static ImageSource read(List<Path> files, int side, int channels) throws IOException {
    List<byte[]> images = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (Path file : files) {
      if (!Files.isRegularFile(file)) {
        throw new IOException(
            file + ": missing; cifar10 needs the binary version's six .bin files");
      }
      if (Files.size(file) > MOST_BYTES) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s: must be at most %,d bytes, got %,d",
                file,
                MOST_BYTES,
                Files.size(file)));
      }
      byte[] bytes = Files.readAllBytes(file);
      if (bytes.length == 0 || bytes.length % RECORD != 0) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s: truncated: expected a multiple of %d bytes (label and 3 x 32 x 32), such as"
                    + " %,d, got %,d",
                file,
                RECORD,
                (bytes.length / RECORD + 1L) * RECORD,
                bytes.length));
      }
      for (int at = 0; at < bytes.length; at += RECORD) {
        if ((bytes[at] & 255) >= CLASSES.size()) {
          throw new IOException(
              String.format(
                  Locale.ROOT,
                  "%s: label at byte %d must be below 10, got %d",
                  file,
                  at,
                  bytes[at] & 255));
        }
        labels.add((int) bytes[at]);
        byte[] pixels = Arrays.copyOfRange(bytes, at + 1, at + RECORD);
        images.add(new Raster(3, SIDE, SIDE, pixels).withChannels(channels).fitted(side).pixels());
      }
    }
    return new StoredImages(
        side,
        channels,
        CLASSES,
        images.toArray(byte[][]::new),
        labels.stream().mapToInt(Integer::intValue).toArray());
  }
}
