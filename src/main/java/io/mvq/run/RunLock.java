package io.mvq.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Held by whoever trains in a folder; ends with its process, however that ends. */
final class RunLock implements AutoCloseable {
  private static final String FILE = ".lock";

  private final FileChannel channel;

  /** Takes it. @throws IOException if another process or thread trains there */
  RunLock(Path folder) throws IOException {
    Files.createDirectories(folder);
    channel =
        FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null; // held in this very process
    }
    if (lock == null) {
      channel.close();
      throw new IOException(
          "another process is training in " + folder + "; wait for it, or name another folder");
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
