package io.mvq.data.format;

import io.mvq.data.fetch.CacheFolder;
import io.mvq.data.fetch.Checksum;
import io.mvq.data.format.PickleValues.Array;
import io.mvq.data.format.PickleValues.Bytes;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One file of {@link Imagenet64}.
 *
 * @param images where its images lie
 * @param labels as in the file, not checked
 */
record ImageBatch(MappedImages.Part images, int[] labels) {

  /** More than ImageNet has. */
  private static final int MOST_IMAGES = 2_000_000;

  /** The values of a .npz; its images are unpacked into the cache once. */
  static ImageBatch npz(CacheFolder cache, Path file) throws IOException {
    try (Npz npz = Npz.open(file)) {
      NpyArray labels = npz.find("labels");
      int count;
      try (InputStream in = npz.stream("data")) {
        if (labels == null || in == null) {
          throw new IOException(
              file + ": must hold data and labels; holds " + Printable.of(npz.names().toString()));
        }
        count = count(file, in);
      }
      Path unpacked = unpacked(cache, file, out -> copy(file, npz, out));
      return new ImageBatch(new MappedImages.Part(unpacked, 0, count), NumpyFiles.labels(labels));
    }
  }

  /** Just the bytes that the header promises, and with them the member's CRC. */
  private static void copy(Path file, Npz npz, OutputStream out) throws IOException {
    try (InputStream in = npz.stream("data")) {
      long left = (long) count(file, in) * Imagenet64.IMAGE_BYTES;
      byte[] some = new byte[1 << 16];
      while (left > 0) {
        int got = in.read(some, 0, (int) Math.min(left, some.length));
        if (got < 0) {
          throw new IOException(npz.where("data") + ": truncated: " + left + " bytes are missing");
        }
        out.write(some, 0, got);
        left -= got;
      }
      if (in.read() >= 0) {
        throw new IOException(npz.where("data") + ": has more bytes than its header promises");
      }
    }
  }

  /** Reads the array's header and gives its number of images. */
  private static int count(Path file, InputStream in) throws IOException {
    NpyHeader header = NpyHeader.read(in, file + "!data");
    List<Integer> shape = Arrays.stream(header.shape()).boxed().toList();
    requireImages(file, header.type().name(), shape, header.fortran());
    return shape.get(0);
  }

  /** The values of a pickled dict; nothing in it is run. */
  static ImageBatch pickle(CacheFolder cache, Path file) throws IOException {
    if (!(Pickle.read(file) instanceof Map<?, ?> values)
        || !(values.get("data") instanceof Array data)
        || !(values.get("labels") instanceof List<?> labels)) {
      throw new IOException(file + ": must be a dict of data, an array, and labels, a list");
    }
    requireImages(file, data.type(), data.shape(), data.fortran());
    long bytes = (Long) data.shape().get(0) * Imagenet64.IMAGE_BYTES;
    Bytes pixels = data.data();
    if (pixels == null || pixels.offset() < 0) {
      throw new IOException(file + ": data must hold its bytes in the file");
    }
    Path where = file;
    long offset = pixels.offset();
    if (pixels.utf8()) {
      where = unpacked(cache, file, out -> fromUtf8(file, pixels, out));
      offset = 0;
    }
    long length = pixels.utf8() ? Files.size(where) : pixels.length();
    if (length != bytes) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: data of shape %s needs %,d bytes, got %,d",
              file,
              data.shape(),
              bytes,
              length));
    }
    int count = (int) (bytes / Imagenet64.IMAGE_BYTES);
    return new ImageBatch(new MappedImages.Part(where, offset, count), wholeNumbers(file, labels));
  }

  private static int[] wholeNumbers(Path file, List<?> labels) throws IOException {
    int[] numbers = new int[labels.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!(labels.get(i) instanceof Long label)) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s: label %d must be a whole number, got %s",
                file,
                i,
                labels.get(i) instanceof Number other ? other : "none"));
      }
      numbers[i] = (int) Math.max(-1, Math.min(Integer.MAX_VALUE, label));
    }
    return numbers;
  }

  private static void requireImages(Path file, String type, List<?> shape, boolean fortran)
      throws IOException {
    boolean right =
        type.equals("u1")
            && !fortran
            && shape.size() == 2
            && shape.get(1) instanceof Number width
            && width.longValue() == Imagenet64.IMAGE_BYTES
            && (shape.get(0) instanceof Long || shape.get(0) instanceof Integer)
            && shape.get(0) instanceof Number count
            && count.longValue() >= 1
            && count.longValue() <= MOST_IMAGES;
    if (!right) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: data must be uint8 (u1) of shape (n, %d), n at most %,d, in C order, got %s %s in %s order",
              file,
              Imagenet64.IMAGE_BYTES,
              MOST_IMAGES,
              type,
              shown(shape),
              fortran ? "Fortran" : "C"));
    }
  }

  /** Anything may be in a pickle's tuple, also itself. */
  private static String shown(List<?> shape) {
    boolean plain = shape.size() < 8 && shape.stream().allMatch(Number.class::isInstance);
    return plain ? shape.toString() : "no shape";
  }

  /** Writes a batch's images. */
  private interface Unpacker {
    void unpack(OutputStream out) throws IOException;
  }

  /** The copy for a file of this path, size and time. */
  private static Path unpacked(CacheFolder cache, Path file, Unpacker unpacker) throws IOException {
    String state =
        file.toRealPath() + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
    String entry =
        "imagenet64/" + file.getFileName() + "-" + Checksum.sha256(state).substring(0, 16);
    Path folder =
        cache.keep(
            entry,
            empty -> {
              try (OutputStream out =
                  new BufferedOutputStream(
                      Files.newOutputStream(empty.resolve("data.raw")), 1 << 16)) {
                unpacker.unpack(out);
              }
            });
    return folder.resolve("data.raw");
  }

  /** Characters 0 to 255 in UTF-8, to bytes. */
  private static void fromUtf8(Path file, Bytes text, OutputStream out) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      in.skipNBytes(text.offset());
      for (long i = 0; i < text.length(); i++) {
        int b = in.read();
        if (b >= 0x80) {
          int low = in.read();
          i++;
          if ((b & 0xfc) != 0xc0 || (low & 0xc0) != 0x80) {
            throw new IOException(
                String.format(
                    Locale.ROOT, "%s: no latin1 text at byte %,d", file, text.offset() + i));
          }
          b = (b & 3) << 6 | (low & 0x3f);
        } else if (b < 0) {
          throw new EOFException(file + ": truncated");
        }
        out.write(b);
      }
    }
  }
}
