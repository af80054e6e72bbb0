package io.mvq.data.set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.data.Listing;
import io.mvq.data.fetch.CacheFolder;
import io.mvq.data.format.MappedImages;
import io.mvq.data.format.Raster;
import io.mvq.files.Manifest;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Images decoded once and kept in the cache folder: {@code images.npy}, uint8 (n, 3, 64, 64), and
 * {@code images.json}, for each image its name, its class and the group that it is split by.
 *
 * @param names where each image came from, e.g. {@code google/1f600}
 * @param groups images of one group are on one side of the split
 */
record DecodedSet(ImageSource images, List<String> names, List<String> groups) {
  static final int SIDE = 64;
  private static final int HEADER = 128;
  private static final ObjectMapper json = new ObjectMapper();

  /** Decodes images one by one into a writer. */
  interface Maker {
    void make(Writer writer) throws IOException;
  }

  /**
   * Opens a set, made first if it is not there.
   *
   * @param entry name in the cache; it must change whenever the images would
   */
  static DecodedSet open(CacheFolder cache, String entry, Maker maker, int side, int channels)
      throws IOException {
    ImageSource.requireFormat(side, channels);
    Path folder =
        cache.keep(
            "decoded/" + entry,
            empty -> {
              try (Writer writer = new Writer(empty)) {
                maker.make(writer);
              }
              Manifest.seal(empty);
            });
    requireWhole(folder);
    List<String> names = new ArrayList<>();
    List<String> classNames = new ArrayList<>();
    List<String> groups = new ArrayList<>();
    for (JsonNode image : json.readTree(folder.resolve("images.json").toFile())) {
      names.add(image.path(0).asText());
      classNames.add(image.path(1).asText());
      groups.add(image.path(2).asText());
    }
    List<String> classes = classNames.stream().distinct().sorted().toList();
    int[] labels = classNames.stream().mapToInt(classes::indexOf).toArray();
    MappedImages.Part all =
        new MappedImages.Part(folder.resolve("images.npy"), HEADER, names.size());
    return new DecodedSet(
        new MappedImages(List.of(all), SIDE, new Listing(side, channels, classes, labels, names)),
        names,
        groups);
  }

  /** Entries made before there were lists are taken as they are. */
  private static void requireWhole(Path folder) throws IOException {
    if (Files.exists(folder.resolve(Manifest.FILE))) {
      Manifest listed = Manifest.read(folder);
      try {
        for (String file : listed.digests().keySet()) {
          listed.require(folder.resolve(file));
        }
      } catch (IOException e) {
        throw new IOException(e.getMessage() + "; delete its folder, and it is made anew", e);
      }
    }
  }

  /** Train and test, split by group. */
  Dataset split(String name) {
    return Dataset.split(name, images, groups::get);
  }

  /** Writes the two files; the header last, when the count is known. */
  static final class Writer implements Closeable {
    private final Path folder;
    private final OutputStream out;
    private final ArrayNode index = json.createArrayNode();

    Writer(Path folder) throws IOException {
      this.folder = folder;
      out = new BufferedOutputStream(Files.newOutputStream(folder.resolve("images.npy")), 1 << 16);
      out.write(new byte[HEADER]);
    }

    /** Adds a 64 x 64 RGB image. */
    void add(Raster image, String name, String className, String group) throws IOException {
      if (image.channels() != 3 || image.height() != SIDE || image.width() != SIDE) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "image must be 3 x 64 x 64, got %d x %d x %d",
                image.channels(),
                image.height(),
                image.width()));
      }
      out.write(image.pixels());
      index.addArray().add(name).add(className).add(group);
    }

    @Override
    public void close() throws IOException {
      out.close();
      String dict =
          String.format(
              Locale.ROOT,
              "{'descr': '|u1', 'fortran_order': False, 'shape': (%d, 3, 64, 64), }",
              index.size());
      String header = "\u0093NUMPY\u0001\0v\0" + String.format(Locale.ROOT, "%-117s\n", dict);
      try (RandomAccessFile file =
          new RandomAccessFile(folder.resolve("images.npy").toFile(), "rw")) {
        file.write(header.getBytes(StandardCharsets.ISO_8859_1));
      }
      json.writeValue(folder.resolve("images.json").toFile(), index);
    }
  }
}
