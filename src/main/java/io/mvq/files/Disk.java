package io.mvq.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The system calls by which files are written; tests let each fail, or be the last. */
public interface Disk {
  /** The machine's own. */
  Disk REAL = new Disk() {};

  /** Opens a new or emptied file with the mode that the umask leaves. */
  default WritableByteChannel create(Path file) throws IOException {
    return FileChannel.open(
        file,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
  }

  /** Forces a file's bytes, or a folder's names, to disk. */
  default void sync(Path path) throws IOException {
    boolean readOnly = Files.isDirectory(path) || !Files.isWritable(path);
    StandardOpenOption mode = readOnly ? StandardOpenOption.READ : StandardOpenOption.WRITE;
    try (FileChannel channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }

  /** Renames at once, over what is there if that is a file. */
  default void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Makes an empty folder. */
  default void createFolder(Path folder) throws IOException {
    Files.createDirectory(folder);
  }

  /** Removes a file or an empty folder, if it is there. */
  default void delete(Path path) throws IOException {
    Files.deleteIfExists(path);
  }
}
