package io.mvq.data.format;

import java.util.Locale;

/**
 * Types of a NumPy array's elements that are read and written here.
 *
 * @param kind {@code u}, {@code i}, {@code f} or {@code b} (bool), as NumPy calls them
 * @param bytes of an element: 1, 2, 4 or 8
 * @param bigEndian whether the first byte is the highest; false for single bytes
 */
public record NpyType(char kind, int bytes, boolean bigEndian) {
  /** Unsigned bytes, for pixels and for bits. */
  public static final NpyType UINT8 = new NpyType('u', 1, false);

  /** Whole numbers of 64 bits. */
  public static final NpyType INT64 = new NpyType('i', 8, false);

  public NpyType {
    boolean known =
        switch (kind) {
          case 'u', 'i' -> bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
          case 'f' -> bytes == 2 || bytes == 4 || bytes == 8;
          case 'b' -> bytes == 1;
          default -> false;
        };
    if (!known) {
      throw new IllegalArgumentException(
          "type must be u1 to u8, i1 to i8, f2 to f8 or b1, got " + kind + bytes);
    }
  }

  /** From a header's {@code descr}, e.g. {@code <i8} or {@code |u1}; null for any other. */
  static NpyType of(String descr) {
    if (descr.length() != 3 || "<>|=".indexOf(descr.charAt(0)) < 0) {
      return null;
    }
    int bytes = descr.charAt(2) - '0';
    try {
      return new NpyType(descr.charAt(1), bytes, bytes > 1 && descr.charAt(0) == '>');
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Whether it holds whole numbers. */
  public boolean isWhole() {
    return kind == 'u' || kind == 'i';
  }

  String descr() {
    return (bytes == 1 ? "|" : bigEndian ? ">" : "<") + name();
  }

  /** E.g. {@code u1}. */
  public String name() {
    return String.format(Locale.ROOT, "%c%d", kind, bytes);
  }
}
