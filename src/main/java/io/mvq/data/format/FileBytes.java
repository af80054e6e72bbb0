package io.mvq.data.format;

import io.mvq.data.format.PickleValues.Bytes;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file's bytes from its start, little-endian, with the position known. */
final class FileBytes implements Closeable {
  /** Longer byte strings are skipped, not kept. */
  static final int LONGEST_KEPT = 1 << 12;

  private static final int LONGEST_LINE = 256;

  private final InputStream in;
  private final long size;
  private long position;

  FileBytes(Path file) throws IOException {
    size = Files.size(file);
    in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
  }

  long position() {
    return position;
  }

  /** A whole number of 1 to 8 bytes. */
  long number(int width) throws IOException {
    long number = 0;
    for (int i = 0; i < width; i++) {
      number |= (long) next() << (8 * i);
    }
    return number;
  }

  /** A whole number of 1 or 2 bytes, never negative. */
  int unsigned(int width) throws IOException {
    return (int) number(width);
  }

  /** A number in two's complement of 0 to 8 bytes. */
  long signed(int width) throws IOException {
    if (width > 8) {
      throw new IndexOutOfBoundsException("a number of " + width + " bytes");
    }
    return width == 0 ? 0 : number(width) << (64 - 8 * width) >> (64 - 8 * width);
  }

  void skip(long count) throws IOException {
    if (count < 0 || count > size - position) {
      throw new EOFException();
    }
    in.skipNBytes(count);
    position += count;
  }

  Bytes bytes(long length, boolean utf8) throws IOException {
    long offset = position;
    if (length >= 0 && length <= LONGEST_KEPT) {
      byte[] content = in.readNBytes((int) length);
      position += content.length;
      if (content.length < length) {
        throw new EOFException();
      }
      return new Bytes(offset, length, content, utf8);
    }
    skip(length);
    return new Bytes(offset, length, null, utf8);
  }

  /** Text up to a line feed. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = next(); b != '\n'; b = next()) {
      if (line.length() == LONGEST_LINE) {
        throw new IndexOutOfBoundsException("a name longer than " + LONGEST_LINE);
      }
      line.append((char) b);
    }
    return line.toString();
  }

  private int next() throws IOException {
    int b = in.read();
    if (b < 0) {
      throw new EOFException();
    }
    position++;
    return b;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
