package io.mvq.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A disk whose n-th system call fails, or is never made because the process ends there. */
public final class FaultyDisk implements Disk {
  /** What happens at the n-th call. */
  public enum Fault {
    FAILS,
    STOPS
  }

  /** The process has ended: no clean-up runs either, as all later calls throw this too. */
  public static final class Stopped extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final int last;
  private final Fault fault;
  private final Set<Path> unsynced = new HashSet<>();
  private int calls;

  /** Counts calls from 1. */
  public FaultyDisk(int last, Fault fault) {
    this.last = last;
    this.fault = fault;
  }

  private void call(String what) throws IOException {
    calls++;
    if (fault == Fault.STOPS && calls >= last) {
      throw new Stopped();
    } else if (calls == last) {
      throw new IOException("call " + calls + " failed: " + what);
    }
  }

  /** After a power cut a file that was not forced to disk may hold half of its bytes. */
  public void losePower() throws IOException {
    for (Path file : unsynced) {
      if (fault == Fault.STOPS && Files.exists(file)) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.truncate(channel.size() / 2);
        }
      }
    }
  }

  @Override
  public WritableByteChannel create(Path file) throws IOException {
    call("create " + file);
    unsynced.add(file);
    WritableByteChannel real = Disk.super.create(file);
    return new WritableByteChannel() {
      @Override
      public int write(ByteBuffer bytes) throws IOException {
        call("write " + file);
        return real.write(bytes);
      }

      @Override
      public boolean isOpen() {
        return real.isOpen();
      }

      @Override
      public void close() throws IOException {
        real.close();
      }
    };
  }

  @Override
  public void sync(Path path) throws IOException {
    call("sync " + path);
    Disk.super.sync(path);
    unsynced.remove(path);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    call("move " + from);
    Disk.super.move(from, to);
    for (Path path : List.copyOf(unsynced)) {
      if (path.startsWith(from)) { // itself, or in a folder that was renamed
        unsynced.remove(path);
        unsynced.add(to.resolve(from.relativize(path)).normalize());
      }
    }
  }

  @Override
  public void createFolder(Path folder) throws IOException {
    call("create folder " + folder);
    Disk.super.createFolder(folder);
  }

  @Override
  public void delete(Path path) throws IOException {
    call("delete " + path);
    Disk.super.delete(path);
  }
}
