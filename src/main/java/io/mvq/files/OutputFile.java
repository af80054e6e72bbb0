package io.mvq.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes an output so that its place holds the whole of it or what was there before: into {@code
 * .NAME.part} beside it, forced to disk, renamed, and the folder forced too. What a crash leaves is
 * overwritten by the next try.
 */
public final class OutputFile {
  private static final int BUFFER = 1 << 16;

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
    write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** The same by other system calls. */
  public static void write(Path target, Content content, Disk disk) throws IOException {
    if (Files.isDirectory(target)) {
      throw new IOException(target + " is a folder; name a file, or move the folder away");
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      fill(target, content, disk); // a pipe or device: nothing to replace
      return;
    }
    Path whole = target.toAbsolutePath().normalize();
    Path part = whole.resolveSibling("." + whole.getFileName() + ".part");
    Files.createDirectories(whole.getParent());
    try {
      fill(part, content, disk);
      disk.sync(part);
      disk.move(part, whole);
      disk.sync(whole.getParent());
    } catch (IOException | RuntimeException e) {
      try {
        disk.delete(part);
      } catch (IOException leftover) {
        e.addSuppressed(leftover);
      }
      throw e;
    }
  }

  private static void fill(Path file, Content content, Disk disk) throws IOException {
    try (OutputStream out =
        new BufferedOutputStream(Channels.newOutputStream(disk.create(file)), BUFFER)) {
      content.writeTo(out);
    }
  }
}
