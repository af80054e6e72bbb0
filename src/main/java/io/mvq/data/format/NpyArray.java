package io.mvq.data.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;

/**
 * A NumPy array in memory, in C order.
 *
 * @param where names it in errors, e.g. {@code codes.npz!tokens}
 * @param bytes the elements as in the file, in their type's byte order
 */
public record NpyArray(String where, NpyType type, int[] shape, byte[] bytes) {
  private static final int MOST_BYTES = Integer.MAX_VALUE - 8;
  private static final int BLOCK = 1 << 20;

  public NpyArray {
    long expected = expected(where, type, shape);
    if (expected != bytes.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s: %s of shape %s needs %,d bytes, got %,d",
              where,
              type.name(),
              Arrays.toString(shape),
              expected,
              bytes.length));
    }
  }

  /** Of uint8. */
  public static NpyArray of(String where, byte[] values, int... shape) {
    return new NpyArray(where, NpyType.UINT8, shape, values);
  }

  /** Of int64. */
  public static NpyArray of(String where, long[] values, int... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
    return new NpyArray(where, NpyType.INT64, shape, bytes.array());
  }

  /** Reads a .npy to its end; memory is taken as data comes, not as the header claims. */
  public static NpyArray read(InputStream in, String where) throws IOException {
    NpyHeader header = NpyHeader.read(in, where);
    if (header.fortran() && header.shape().length > 1) {
      throw new IOException(
          where + ": must be in C order, got Fortran order; save numpy.ascontiguousarray(array)");
    }
    long expected;
    try {
      expected = expected(where, header.type(), header.shape());
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
    byte[] bytes = new byte[(int) Math.min(expected, BLOCK)];
    int got = in.readNBytes(bytes, 0, bytes.length);
    while (got == bytes.length && got < expected) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(expected, 4L * bytes.length));
      got += in.readNBytes(bytes, got, bytes.length - got);
    }
    if (got < expected) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: truncated: its header promises %,d bytes of data, got %,d",
              where,
              expected,
              got));
    }
    if (in.read() >= 0) {
      throw new IOException(where + ": has more bytes than its header promises");
    }
    return new NpyArray(where, header.type(), header.shape(), bytes);
  }

  /** Writes a .npy. */
  public void write(OutputStream out) throws IOException {
    new NpyHeader(type, false, shape).write(out);
    out.write(bytes);
  }

  /** How many elements. */
  public int count() {
    return bytes.length / type.bytes();
  }

  /**
   * The elements as numbers; each must be a whole one of these limits.
   *
   * @param what they are, for errors, e.g. {@code tokens}
   */
  public long[] whole(String what, long least, long most) throws IOException {
    if (!type.isWhole()) {
      throw new IOException(
          String.format(
              Locale.ROOT, "%s: %s must be whole numbers, got %s", where, what, type.name()));
    }
    ByteBuffer in =
        ByteBuffer.wrap(bytes)
            .order(type.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    long[] values = new long[count()];
    boolean unsigned = type.kind() == 'u';
    for (int i = 0; i < values.length; i++) {
      long value =
          switch (type.bytes()) {
            case 1 -> unsigned ? in.get(i) & 0xff : in.get(i);
            case 2 -> unsigned ? in.getShort(2 * i) & 0xffff : in.getShort(2 * i);
            case 4 -> unsigned ? in.getInt(4 * i) & 0xffffffffL : in.getInt(4 * i);
            default -> in.getLong(8 * i);
          };
      boolean beyond = unsigned && type.bytes() == 8 && value < 0;
      if (beyond || value < least || value > most) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s: %s must be %d to %d, got %s at place %d",
                where,
                what,
                least,
                most,
                beyond ? Long.toUnsignedString(value) : Long.toString(value),
                i));
      }
      values[i] = value;
    }
    return values;
  }

  private static long expected(String where, NpyType type, int[] shape) {
    long expected = type.bytes();
    for (int size : shape) {
      if (size < 0 || (size > 0 && expected > MOST_BYTES / size)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%s: must be of at most %,d bytes, got %s of shape %s",
                where,
                MOST_BYTES,
                type.name(),
                Arrays.toString(shape)));
      }
      expected *= size;
    }
    return expected;
  }
}
