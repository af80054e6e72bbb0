package io.mvq.data.set;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files that a set is dealt out over. */
final class Shards {
  private Shards() {}

  /** A file itself, or the files of a folder with this ending, by name; at least one. */
  static List<Path> of(Path place, String ending) throws IOException {
    if (!Files.isDirectory(place)) {
      if (!Files.exists(place)) {
        throw new IOException(
            "no " + ending + " file or folder of them at " + place.toAbsolutePath());
      }
      return List.of(place);
    }
    try (Stream<Path> found = Files.list(place)) {
      List<Path> files = found.filter(file -> file.toString().endsWith(ending)).sorted().toList();
      if (files.isEmpty()) {
        throw new IOException(place + ": no " + ending + " file in it");
      }
      return files;
    }
  }
}
