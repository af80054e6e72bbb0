package io.mvq.train;

import io.mvq.files.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Replaces a folder as a whole: the new one is completed beside it, then renamed. Whatever fails,
 * and whenever, either the previous or the new content is found by {@link #current}.
 */
public final class AtomicFolder {
  private AtomicFolder() {}

  /** Fills a fresh, empty folder and forces its files to disk. */
  @FunctionalInterface
  public interface Content {
    void writeInto(Path folder) throws IOException;
  }

  /** Writes {@code content} and puts it in the place of {@code target}. */
  public static void replace(Path target, Content content) throws IOException {
    replace(target, content, Disk.REAL);
  }

  static void replace(Path target, Content content, Disk disk) throws IOException {
    Path fresh = sibling(target, ".new");
    Path previous = sibling(target, ".old");
    try {
      Files.createDirectories(fresh.getParent());
      restore(target, previous, disk);
      delete(fresh, disk);
      disk.createFolder(fresh);
      content.writeInto(fresh);
      disk.sync(fresh);
      delete(previous, disk);
      if (Files.exists(target)) {
        disk.move(target, previous);
      }
      try {
        disk.move(fresh, target);
      } catch (IOException e) {
        restore(target, previous, disk);
        throw e;
      }
      disk.sync(fresh.getParent());
    } catch (IOException | RuntimeException e) {
      try {
        delete(fresh, disk);
      } catch (IOException leftover) {
        e.addSuppressed(leftover);
      }
      throw e;
    }
    delete(previous, disk);
  }

  /** Where the content is: between two renames it is still in the previous folder. */
  static Path current(Path target) {
    Path previous = sibling(target, ".old");
    return !Files.exists(target) && Files.exists(previous) ? previous : target;
  }

  private static void restore(Path target, Path previous, Disk disk) throws IOException {
    if (!Files.exists(target) && Files.exists(previous)) {
      disk.move(previous, target);
    }
  }

  private static Path sibling(Path target, String suffix) {
    Path whole = target.toAbsolutePath().normalize();
    return whole.resolveSibling(whole.getFileName() + suffix);
  }

  /** Deletes a folder with all that is in it, or a file; nothing if it is not there. */
  public static void delete(Path folder) throws IOException {
    delete(folder, Disk.REAL);
  }

  private static void delete(Path folder, Disk disk) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        disk.delete(path);
      }
    }
  }
}
