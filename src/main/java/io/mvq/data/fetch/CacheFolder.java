package io.mvq.data.fetch;

import io.mvq.files.Disk;
import io.mvq.files.FileFault;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A folder of things made once and kept. An entry is made beside its place under a lock and then
 * renamed, so a half-made entry is never used and two processes at once make it once.
 */
public record CacheFolder(Path root) {

  /** Fills an empty folder. */
  public interface Maker {
    void make(Path folder) throws IOException;
  }

  /** MVQ_CACHE, else XDG_CACHE_HOME/mvq, else ~/.cache/mvq. */
  public static CacheFolder ofThisUser() {
    return of(System.getenv(), System.getProperty("user.home"));
  }

  static CacheFolder of(Map<String, String> environment, String home) {
    String own = environment.getOrDefault("MVQ_CACHE", "");
    String all = environment.getOrDefault("XDG_CACHE_HOME", "");
    if (!own.isEmpty()) {
      return new CacheFolder(Path.of(own).toAbsolutePath());
    }
    // The XDG specification has relative paths ignored.
    return new CacheFolder(
        !all.isEmpty() && Path.of(all).isAbsolute()
            ? Path.of(all, "mvq")
            : Path.of(home, ".cache", "mvq"));
  }

  /** The entry's folder, made first if it is not there. */
  public Path keep(String entry, Maker maker) throws IOException {
    Path place = root.resolve(entry);
    if (Files.isDirectory(place)) {
      return place;
    }
    requireWritable(place.getParent());
    Path half = place.resolveSibling(place.getFileName() + ".part");
    // The file lock keeps other processes out, the monitor other threads of this one.
    synchronized (CacheFolder.class) {
      try (FileChannel lockFile =
              FileChannel.open(
                  place.resolveSibling(place.getFileName() + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = lockFile.lock()) {
        if (!Files.isDirectory(place)) {
          make(maker, half, place);
        }
        return place;
      }
    }
  }

  /** Made, if it is not there. */
  private void requireWritable(Path folder) throws IOException {
    IOException why = null;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      why = e;
    }
    if (why != null || !Files.isWritable(folder)) {
      String reason = why == null ? "this user may not write it" : FileFault.text(why);
      throw new IOException(
          "the cache folder " + root + " cannot be used: " + reason + "; name another by MVQ_CACHE",
          why);
    }
  }

  private static void make(Maker maker, Path half, Path place) throws IOException {
    delete(half);
    Files.createDirectory(half);
    try {
      maker.make(half);
      sync(half);
      Disk.REAL.move(half, place);
      Disk.REAL.sync(place.getParent());
    } catch (IOException | RuntimeException e) {
      delete(half);
      throw e;
    }
  }

  /** Links are names only, and a package's may lead to nothing. */
  private static void sync(Path folder) throws IOException {
    try (Stream<Path> below = Files.walk(folder)) {
      for (Path path : below.filter(path -> !Files.isSymbolicLink(path)).toList()) {
        Disk.REAL.sync(path);
      }
    }
  }

  /** Deletes a folder and all below it, if it is there. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> below = Files.walk(folder)) {
      deepestFirst = below.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.delete(path);
    }
  }
}
