package io.mvq.data.set;

import io.mvq.data.format.ImageFiles;
import io.mvq.data.format.ImageLimits;
import io.mvq.data.format.Raster;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * An encoded image, a file or a part of one.
 *
 * @param offset of its first byte
 * @param length in bytes; {@link #WHOLE} for the whole file
 * @param name by which the set knows it
 * @param className empty without a class
 */
record ImageFile(Path file, long offset, long length, String name, String className) {
  /** The length of an image that is a file. */
  static final long WHOLE = -1;

  /** A file. */
  static ImageFile whole(Path file, String name, String className) {
    return new ImageFile(file, 0, WHOLE, name, className);
  }

  private boolean isWhole() {
    return length == WHOLE;
  }

  /** Names it in errors. */
  private String where() {
    return isWhole() ? file.toString() : file + "!" + name;
  }

  /** Reads the header only; throws when it is no image or beyond the limits. */
  void check(ImageLimits limits) throws IOException {
    if (isWhole()) {
      ImageFiles.check(file, limits);
    } else {
      ImageFiles.check(where(), new ByteArrayInputStream(bytes()), limits);
    }
  }

  /** Its pixels; throws when it is damaged anywhere. */
  Raster decode(ImageLimits limits) throws IOException {
    return isWhole()
        ? ImageFiles.decode(file, limits)
        : ImageFiles.decode(where(), bytes(), limits);
  }

  private byte[] bytes() throws IOException {
    ImageFiles.requireSize(where(), length);
    ByteBuffer into = ByteBuffer.allocate((int) length);
    try (FileChannel channel = FileChannel.open(file)) {
      while (into.hasRemaining()) {
        if (channel.read(into, offset + into.position()) < 0) {
          throw new EOFException(where() + ": truncated");
        }
      }
    }
    return into.array();
  }
}
