package io.mvq.data.set;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.jerolba.carpet.CarpetReader;
import com.jerolba.carpet.CloseableIterator;
import io.mvq.data.Dataset;
import io.mvq.data.fetch.CacheFolder;
import io.mvq.data.fetch.Checksum;
import io.mvq.data.format.ImageLimits;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.api.Binary;

/**
 * Images and classes in Parquet files as Hugging Face's data sets have them. A Parquet file cannot
 * be read at any place, so its images are copied once, as they are encoded, into the cache.
 */
final class ParquetShards {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BYTES = "images.bin";
  private static final String INDEX = "images.json";

  private final CacheFolder cache;
  private final int side;
  private final int channels;
  private final ImageLimits limits;
  private final ImageFolder.Damaged damaged;

  ParquetShards(
      CacheFolder cache, int side, int channels, ImageLimits limits, ImageFolder.Damaged damaged) {
    this.cache = cache;
    this.side = side;
    this.channels = channels;
    this.limits = limits;
    this.damaged = damaged;
  }

  /**
   * Of a .parquet, or of all in a folder; there files whose names begin with {@code test} or {@code
   * val} are held out, if there are others.
   */
  Dataset open(Path place) throws IOException {
    List<Path> files = Shards.of(place, ".parquet");
    List<Path> heldOut = files.stream().filter(ParquetShards::isHeldOut).toList();
    String name = place.toAbsolutePath().normalize().getFileName().toString();
    if (heldOut.isEmpty() || heldOut.size() == files.size()) {
      ImageFolder all = images(place, files);
      return Dataset.split(name, all, all::name);
    }
    ImageFolder training = images(place, files.stream().filter(f -> !isHeldOut(f)).toList());
    ImageFolder test = images(place, heldOut);
    String both = place + ": its files for training and for testing must have the same classes";
    return Splits.joined(name, training, test, both);
  }

  /** All images, not split. */
  ImageFolder images(Path place) throws IOException {
    return images(place, Shards.of(place, ".parquet"));
  }

  private static boolean isHeldOut(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith("test") || name.startsWith("val");
  }

  private ImageFolder images(Path place, List<Path> files) throws IOException {
    List<ImageFile> images = new ArrayList<>();
    for (Path file : files) {
      String state =
          file.toRealPath() + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
      String entry =
          "parquet/" + file.getFileName() + "-" + Checksum.sha256(state).substring(0, 16);
      Path unpacked = cache.keep(entry, empty -> unpack(file, empty));
      long offset = 0;
      for (var image : JSON.readTree(unpacked.resolve(INDEX).toFile())) {
        long length = image.path(0).asLong();
        String name = image.path(1).asText();
        images.add(
            new ImageFile(unpacked.resolve(BYTES), offset, length, name, image.path(2).asText()));
        offset += length;
      }
    }
    return new ImageFolder(place, images, side, channels, damaged, limits);
  }

  private static void unpack(Path file, Path into) throws IOException {
    ArrayNode index = JSON.createArrayNode();
    try (OutputStream out =
        new BufferedOutputStream(Files.newOutputStream(into.resolve(BYTES)), 1 << 16)) {
      ParquetColumns columns = ParquetColumns.of(file);
      @SuppressWarnings("rawtypes") // rows of whatever the file has
      CarpetReader<Map> reader = new CarpetReader<>(new LocalInputFile(file), Map.class);
      try (CloseableIterator<?> rows = reader.iterator()) {
        for (int row = 0; rows.hasNext(); row++) {
          Map<?, ?> values = (Map<?, ?>) rows.next();
          Binary image = columns.image(values);
          if (image == null) {
            throw new IOException("row " + row + " has no bytes of an image");
          }
          out.write(image.getBytes());
          index
              .addArray()
              .add(image.length())
              .add(String.format(Locale.ROOT, "%s/%06d", file.getFileName(), row))
              .add(columns.className(values));
        }
      }
    } catch (IOException | RuntimeException e) {
      String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new IOException(
          file + ": not a Parquet file of images: " + why.replace(file + ": ", ""), e);
    }
    JSON.writeValue(into.resolve(INDEX).toFile(), index);
  }
}
