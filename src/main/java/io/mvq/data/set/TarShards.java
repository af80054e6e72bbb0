package io.mvq.data.set;

import io.mvq.data.Dataset;
import io.mvq.data.format.ImageFiles;
import io.mvq.data.format.ImageLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/**
 * Images in tar files as webdataset has them: members of one name up to its first dot belong
 * together, {@code 0001.jpg} with its class in {@code 0001.cls}. Opening goes through the members'
 * heads once; an image is then read where it lies, so that shards may be larger than memory.
 */
final class TarShards {
  private static final String CLASS = "cls";
  private static final int LONGEST_CLASS = 256;

  private TarShards() {}

  /** Of a .tar, or of all in a folder, in the order of their names. */
  static Dataset open(
      Path place, int side, int channels, ImageLimits limits, ImageFolder.Damaged damaged)
      throws IOException {
    ImageFolder all = images(place, side, channels, limits, damaged);
    return Dataset.split(place.getFileName().toString(), all, all::name);
  }

  /** All images, not split. */
  static ImageFolder images(
      Path place, int side, int channels, ImageLimits limits, ImageFolder.Damaged damaged)
      throws IOException {
    List<ImageFile> images = new ArrayList<>();
    for (Path shard : Shards.of(place, ".tar")) {
      requirePlain(shard);
      try (TarFile tar = new TarFile(shard)) {
        members(shard, tar, images);
      } catch (IOException | RuntimeException e) {
        throw new IOException(shard + ": not a readable tar file: " + e.getMessage(), e);
      }
    }
    return new ImageFolder(place, images, side, channels, damaged, limits);
  }

  private static void requirePlain(Path shard) throws IOException {
    try (InputStream in = Files.newInputStream(shard)) {
      if (in.read() == 0x1f && in.read() == 0x8b) {
        throw new IOException(
            shard + ": compressed; unpack it first, since images are read where they lie");
      }
    }
  }

  private static void members(Path shard, TarFile tar, List<ImageFile> into) throws IOException {
    Map<String, String> classes = new LinkedHashMap<>();
    List<TarArchiveEntry> found = new ArrayList<>();
    for (TarArchiveEntry entry : tar.getEntries()) {
      String name = entry.getName();
      if (!entry.isFile() || entry.isSparse()) {
        continue;
      }
      if (name.endsWith("." + CLASS)) {
        classes.put(key(name), className(shard, tar, entry));
      } else if (ImageFiles.isImage(Path.of(name))) {
        found.add(entry);
      }
    }
    for (TarArchiveEntry entry : found) {
      String name = entry.getName();
      into.add(
          new ImageFile(
              shard,
              entry.getDataOffset(),
              entry.getSize(),
              shard.getFileName() + "/" + name,
              classes.getOrDefault(key(name), "")));
    }
  }

  private static String className(Path shard, TarFile tar, TarArchiveEntry entry)
      throws IOException {
    if (entry.getSize() > LONGEST_CLASS) {
      throw new IOException(
          String.format(
              "%s!%s must be a class of at most %d bytes, got %d",
              shard, entry.getName(), LONGEST_CLASS, entry.getSize()));
    }
    return new String(tar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  /** The name up to the first dot of its last part. */
  private static String key(String name) {
    int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
    return dot < 0 ? name : name.substring(0, dot);
  }
}
