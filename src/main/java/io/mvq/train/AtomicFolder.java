package io.mvq.train;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Replaces a folder as a whole: the new one is completed beside it, then renamed. Whatever fails,
 * and whenever, either the previous or the new content is found by {@link #current}.
 */
final class AtomicFolder {
  private AtomicFolder() {}

  /** Fills a fresh, empty folder and forces its files to disk. */
  @FunctionalInterface
  interface Content {
    void writeInto(Path folder) throws IOException;
  }

  /** One atomic rename; tests let it fail. */
  @FunctionalInterface
  interface Rename {
    void move(Path from, Path to) throws IOException;
  }

  /** Writes {@code content} and puts it in the place of {@code target}. */
  static void replace(Path target, Content content) throws IOException {
    replace(target, content, (from, to) -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE));
  }

  static void replace(Path target, Content content, Rename rename) throws IOException {
    Path fresh = sibling(target, ".new");
    Path previous = sibling(target, ".old");
    try {
      Files.createDirectories(fresh.getParent());
      restore(target, previous);
      delete(fresh);
      Files.createDirectory(fresh);
      content.writeInto(fresh);
      force(fresh);
      delete(previous);
      if (Files.exists(target)) {
        rename.move(target, previous);
      }
      try {
        rename.move(fresh, target);
      } catch (IOException e) {
        restore(target, previous);
        throw e;
      }
      force(fresh.getParent());
    } catch (IOException | RuntimeException e) {
      try {
        delete(fresh);
      } catch (IOException leftover) {
        e.addSuppressed(leftover);
      }
      throw e;
    }
    delete(previous);
  }

  /** Where the content is: between two renames it is still in the previous folder. */
  static Path current(Path target) {
    Path previous = sibling(target, ".old");
    return !Files.exists(target) && Files.exists(previous) ? previous : target;
  }

  private static void restore(Path target, Path previous) throws IOException {
    if (!Files.exists(target) && Files.exists(previous)) {
      Files.move(previous, target, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static Path sibling(Path target, String suffix) {
    Path whole = target.toAbsolutePath().normalize();
    return whole.resolveSibling(whole.getFileName() + suffix);
  }

  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
