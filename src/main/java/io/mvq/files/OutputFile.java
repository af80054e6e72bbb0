package io.mvq.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * Writes an output so that its place holds the whole of it or what was there before: into {@code
 * .NAME.RANDOM.part} beside it, forced to disk, renamed, and the folder forced too. Of two that
 * write at once the later one stays, whole. What a crash leaves is deleted by a write an hour
 * later.
 */
public final class OutputFile {
  private static final int BUFFER = 1 << 16;
  private static final String PART = ".part";

  /** No writer pauses so long. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  private OutputFile() {}

  /** Writes the bytes; need not flush or close. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Writes {@code content} to {@code target}, whose folders are made. */
  public static void write(Path target, Content content) throws IOException {
    write(target, content, Disk.REAL);
  }

  /** Writes text as UTF-8. */
  public static void write(Path target, String text) throws IOException {
    write(target, text, Disk.REAL);
  }

  /** The same by other system calls. */
  public static void write(Path target, String text, Disk disk) throws IOException {
    write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)), disk);
  }

  /** The same by other system calls. */
  public static void write(Path target, Content content, Disk disk) throws IOException {
    if (Files.isDirectory(target)) {
      throw new IOException(target + " is a folder; name a file, or move the folder away");
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      try {
        fill(target, content, disk); // a pipe or device: nothing to replace
        return;
      } catch (IOException e) {
        throw new IOException("could not write " + target + ": " + FileFault.reason(e), e);
      }
    }
    Path whole = target.toAbsolutePath().normalize();
    Path part = whole.resolveSibling(prefix(whole) + UUID.randomUUID() + PART);
    try {
      Files.createDirectories(whole.getParent());
      deleteAbandoned(whole, disk);
      fill(part, content, disk);
      disk.sync(part);
      disk.move(part, whole);
      disk.sync(whole.getParent());
    } catch (IOException e) {
      deletePart(part, disk, e);
      throw new IOException("could not write " + target + ": " + FileFault.reason(e), e);
    } catch (RuntimeException e) {
      deletePart(part, disk, e);
      throw e;
    }
  }

  private static void deletePart(Path part, Disk disk, Exception why) {
    try {
      disk.delete(part);
    } catch (IOException leftover) {
      why.addSuppressed(leftover);
    }
  }

  private static String prefix(Path whole) {
    return "." + whole.getFileName() + ".";
  }

  private static void deleteAbandoned(Path whole, Disk disk) throws IOException {
    String prefix = prefix(whole);
    Instant before = Instant.now().minus(ABANDONED);
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(whole.getParent(), file -> isPart(file, prefix))) {
      for (Path part : files) {
        if (Files.getLastModifiedTime(part).toInstant().isBefore(before)) {
          disk.delete(part);
        }
      }
    } catch (DirectoryIteratorException | NoSuchFileException e) {
      return; // not listed, or another writer finished: nothing that must be done
    }
  }

  private static boolean isPart(Path file, String prefix) {
    String name = file.getFileName().toString();
    return name.startsWith(prefix) && name.endsWith(PART);
  }

  private static void fill(Path file, Content content, Disk disk) throws IOException {
    try (OutputStream out =
        new BufferedOutputStream(Channels.newOutputStream(disk.create(file)), BUFFER)) {
      content.writeTo(out);
    }
  }
}
