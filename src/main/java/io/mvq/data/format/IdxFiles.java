package io.mvq.data.format;

import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.data.StoredImages;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The IDX format of MNIST and its relatives: big-endian magic number 0x0000080R for R dimensions of
 * uint8, the sizes as int32, the data. Plain or gzip. Images of 28 x 28 get a black border to 32 x
 * 32, so that halving works.
 */
public final class IdxFiles {
  private IdxFiles() {}

  public static final List<String> DIGITS =
      List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
  public static final List<String> FASHION =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  private static final long MAX_BYTES = Integer.MAX_VALUE;

  /** Reads the usual four files of a folder. */
  public static Dataset open(String name, Path folder, List<String> classes, int side, int channels)
      throws IOException {
    return new Dataset(
        name,
        read(folder, "train", classes, side, channels),
        read(folder, "t10k", classes, side, channels));
  }

  private static ImageSource read(
      Path folder, String part, List<String> classes, int side, int channels) throws IOException {
    Path imageFile = find(folder, part + "-images-idx3-ubyte");
    Path labelFile = find(folder, part + "-labels-idx1-ubyte");
    int[] labels = labels(labelFile, classes.size());
    try (DataInputStream in = open(imageFile)) {
      int[] sizes = header(in, imageFile, 3);
      int height = sizes[1];
      int width = sizes[2];
      if (sizes[0] != labels.length) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s holds %d images, but %s holds %d labels",
                imageFile,
                sizes[0],
                labelFile,
                labels.length));
      }
      int border = height == 28 && width == 28 ? 2 : 0;
      byte[][] images = new byte[sizes[0]][];
      for (int i = 0; i < images.length; i++) {
        byte[] pixels = in.readNBytes(height * width);
        requireAll(imageFile, 16 + (long) i * height * width, pixels.length, sizes, 16);
        images[i] =
            new Raster(1, height, width, pixels)
                .padded(border)
                .withChannels(channels)
                .fitted(side)
                .pixels();
      }
      requireEnd(in, imageFile);
      return new StoredImages(side, channels, classes, images, labels);
    } catch (EOFException | ZipException e) {
      throw new IOException(imageFile + ": damaged gzip: " + e.getMessage(), e);
    }
  }

  private static int[] labels(Path file, int classes) throws IOException {
    try (DataInputStream in = open(file)) {
      int[] sizes = header(in, file, 1);
      byte[] bytes = in.readNBytes(sizes[0]);
      requireAll(file, 8, bytes.length, sizes, 8);
      requireEnd(in, file);
      int[] labels = new int[bytes.length];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = bytes[i] & 255;
        if (labels[i] >= classes) {
          throw new IOException(
              String.format(
                  Locale.ROOT,
                  "%s: label %d must be below %d, got %d",
                  file,
                  i,
                  classes,
                  labels[i]));
        }
      }
      return labels;
    } catch (EOFException | ZipException e) {
      throw new IOException(file + ": damaged gzip: " + e.getMessage(), e);
    }
  }

  private static int[] header(DataInputStream in, Path file, int dimensions) throws IOException {
    try {
      int magic = in.readInt();
      if (magic != 0x800 + dimensions) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s: an IDX file of %d dimensions of uint8 begins with %08x, got %08x",
                file,
                dimensions,
                0x800 + dimensions,
                magic));
      }
      int[] sizes = new int[dimensions];
      double bytes = 1;
      for (int i = 0; i < dimensions; i++) {
        sizes[i] = in.readInt();
        bytes *= sizes[i];
        if (sizes[i] < 1 || (i > 0 && sizes[i] > 4096) || bytes > MAX_BYTES) {
          throw new IOException(
              String.format(
                  Locale.ROOT,
                  "%s: dimension %d must be at least 1, an image at most 4096 x 4096 and the data"
                      + " at most %,d bytes, got size %d",
                  file,
                  i,
                  MAX_BYTES,
                  sizes[i]));
        }
      }
      return sizes;
    } catch (EOFException e) {
      throw new IOException(file + ": truncated within its header", e);
    }
  }

  /** {@code got} bytes came after {@code before}; the last image or the labels must be complete. */
  private static void requireAll(Path file, long before, int got, int[] sizes, int header)
      throws IOException {
    long item = sizes.length == 1 ? sizes[0] : (long) sizes[1] * sizes[2];
    if (got < item) {
      long all = header + (sizes.length == 1 ? item : sizes[0] * item);
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: truncated: its header promises %,d bytes, got %,d",
              file,
              all,
              before + got));
    }
  }

  private static void requireEnd(InputStream in, Path file) throws IOException {
    if (in.read() >= 0) {
      throw new IOException(file + ": has more bytes than its header promises");
    }
  }

  private static Path find(Path folder, String name) throws IOException {
    for (String ending : List.of("", ".gz")) {
      Path file = folder.resolve(name + ending);
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    throw new IOException(folder + ": must hold " + name + " or " + name + ".gz, has neither");
  }

  private static DataInputStream open(Path file) throws IOException {
    InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    raw.mark(2);
    boolean zipped = raw.read() == 0x1f && raw.read() == 0x8b;
    raw.reset();
    return new DataInputStream(
        zipped ? new BufferedInputStream(new GZIPInputStream(raw, 1 << 16)) : raw);
  }
}
