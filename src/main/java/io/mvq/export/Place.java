package io.mvq.export;

import io.mvq.files.OutputFile;
import io.mvq.train.AtomicFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Where an export goes: a new folder, or a new zip of one. */
record Place(Path out) {
  private boolean isZip() {
    return out.getFileName() != null && out.getFileName().toString().endsWith(".zip");
  }

  /** Throws if something is there that an export would take the place of. */
  void requireFree() throws IOException {
    if (!Files.exists(out)) {
      return;
    }
    if (Files.isDirectory(out) && !isZip()) {
      try (Stream<Path> files = Files.list(out)) {
        if (files.findAny().isEmpty()) {
          return;
        }
      }
    }
    throw new IOException(out + " is there already; name another place, or move it away");
  }

  /** Writes what fills a folder. */
  void write(AtomicFolder.Content content) throws IOException {
    if (!isZip()) {
      AtomicFolder.replace(out, content);
      return;
    }
    Path whole = out.toAbsolutePath().normalize();
    Files.createDirectories(whole.getParent());
    Path folder = Files.createTempDirectory(whole.getParent(), "." + whole.getFileName() + ".");
    try {
      content.writeInto(folder);
      OutputFile.write(
          out,
          stream -> {
            ZipOutputStream zip = new ZipOutputStream(stream);
            for (Path file : files(folder)) {
              ZipEntry entry = new ZipEntry(folder.relativize(file).toString().replace('\\', '/'));
              entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0)); // equal runs, equal bytes
              zip.putNextEntry(entry);
              Files.copy(file, zip);
              zip.closeEntry();
            }
            zip.finish();
          });
    } finally {
      AtomicFolder.delete(folder);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
