package io.mvq.data.format;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.InflaterInputStream;

/**
 * Qt's binary resource files (.rcc), versions 1 to 3, all numbers big-endian: a header "qres",
 * version and the offsets of tree, data and names; tree nodes of name, flags and either children or
 * data.
 */
public final class QtResource {
  private static final int ZLIB = 1;
  private static final int FOLDER = 2;
  private static final int ZSTD = 4;
  private static final int DEEPEST = 64;
  private static final int MOST_NODES = 100_000;
  private static final long MOST_BYTES = 1L << 30;

  private final ByteBuffer bytes;
  private final int nodeBytes;
  private final int tree;
  private final int data;
  private final int names;
  private final Map<String, byte[]> files = new TreeMap<>();
  private int visited;
  private long total;

  private QtResource(ByteBuffer bytes) throws IOException {
    this.bytes = bytes;
    if (bytes.getInt(0) != 0x71726573) {
      throw new IOException("does not begin with \"qres\"");
    }
    int version = bytes.getInt(4);
    if (version < 1 || version > 3) {
      throw new IOException("its version must be 1 to 3, got " + version);
    }
    nodeBytes = version == 1 ? 14 : 22;
    tree = bytes.getInt(8);
    data = bytes.getInt(12);
    names = bytes.getInt(16);
    visit(0, "", 0);
  }

  /** All files in it by path, e.g. {@code /gcompris/src/.../cat.webp}, in the order of paths. */
  public static Map<String, byte[]> read(Path file) throws IOException {
    try {
      return new QtResource(ByteBuffer.wrap(Files.readAllBytes(file))).files;
    } catch (IOException
        | BufferUnderflowException
        | IndexOutOfBoundsException
        | ArithmeticException e) {
      String reason = e instanceof IOException ? e.getMessage() : "truncated or wrong offsets";
      throw new IOException(file + ": not a readable Qt resource: " + reason, e);
    }
  }

  private void visit(int node, String path, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new IOException("folders nested deeper than " + DEEPEST);
    }
    // Nodes may name one child twice, and so be more than the file has room for.
    if (++visited > MOST_NODES) {
      throw new IOException("more than " + MOST_NODES + " files and folders");
    }
    int at = Math.addExact(tree, Math.multiplyExact(node, nodeBytes));
    int flags = bytes.getShort(at + 4);
    String here = node == 0 ? "" : path + "/" + name(names + bytes.getInt(at));
    if ((flags & FOLDER) != 0) {
      int count = bytes.getInt(at + 6);
      int first = bytes.getInt(at + 10);
      for (int i = 0; i < count; i++) {
        visit(first + i, here, depth + 1);
      }
      return;
    }
    int start = data + bytes.getInt(at + 10);
    byte[] content = slice(start + 4, bytes.getInt(start));
    if ((flags & ZSTD) != 0) {
      throw new IOException(here + " is compressed by zstd, which is not read here");
    }
    total += content.length;
    if (total > MOST_BYTES) {
      throw new IOException(String.format(Locale.ROOT, "more than %,d bytes in it", MOST_BYTES));
    }
    files.put(here, (flags & ZLIB) != 0 ? inflated(content) : content);
  }

  private String name(int at) {
    return new String(slice(at + 6, 2 * (bytes.getShort(at) & 0xffff)), StandardCharsets.UTF_16BE);
  }

  private byte[] slice(int from, int length) {
    // Checked first, so that a wrong length does not take memory.
    if (length < 0 || from < 0 || from > bytes.limit() - length) {
      throw new IndexOutOfBoundsException(from);
    }
    byte[] slice = new byte[length];
    bytes.get(from, slice);
    return slice;
  }

  /** qCompress's form: the length, then a zlib stream. */
  private byte[] inflated(byte[] content) throws IOException {
    int length = ByteBuffer.wrap(content).getInt(); // too short: BufferUnderflowException
    try (InflaterInputStream in =
        new InflaterInputStream(new ByteArrayInputStream(content, 4, content.length - 4))) {
      total += length;
      if (length < 0 || total > MOST_BYTES) {
        throw new IOException(String.format(Locale.ROOT, "more than %,d bytes in it", MOST_BYTES));
      }
      byte[] inflated = in.readNBytes(length);
      if (inflated.length != length) {
        throw new IOException("a file in it must be " + length + " bytes, got " + inflated.length);
      }
      return inflated;
    }
  }
}
