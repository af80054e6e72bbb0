package io.mvq.kernel;

import java.util.List;
import org.bytedeco.javacpp.Pointer;

/**
 * Argument checks that several operations share, each an {@link IllegalArgumentException} that
 * names argument, limit and value; the native library checks the rest.
 */
final class Checks {
  private Checks() {}

  static <T> T given(T argument, String name) {
    if (argument == null) {
      throw new IllegalArgumentException(name + " must be given, got null");
    }
    return argument;
  }

  static <T> List<T> allGiven(List<T> list, String name) {
    given(list, name).forEach(element -> given(element, "each of " + name));
    return list;
  }

  static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", got " + value);
    }
  }

  static void between(String name, long value, long least, long most) {
    atLeast(name, value, least);
    if (value > most) {
      throw new IllegalArgumentException(name + " must be at most " + most + ", got " + value);
    }
  }

  /** A product of two counts: neither negative nor past 2^63. */
  static long product(long a, long b, String name) {
    if (a < 0 || b < 0 || Math.multiplyHigh(a, b) != 0 || a * b < 0) {
      throw new IllegalArgumentException(
          name + " must be in 0.." + Long.MAX_VALUE + ", got " + a + " * " + b);
    }
    return a * b;
  }

  /** A live pointer to at least so many elements; a null one is long enough for none. */
  static void capacity(Pointer pointer, long elements, String name) {
    if (elements == 0) {
      return;
    }
    given(pointer, name);
    if (pointer.isNull()) {
      throw closed(name);
    }
    long available = pointer.limit() - pointer.position();
    if (pointer.position() < 0 || available < elements) {
      throw new IllegalArgumentException(
          name + " must hold at least " + elements + " elements, got " + available);
    }
  }

  static IllegalArgumentException closed(String name) {
    return new IllegalArgumentException(
        name + " must be in live memory, got a pointer that is closed or null");
  }

  static void searchable(FloatMatrix rows, FloatMatrix codes) {
    given(rows, "rows");
    given(codes, "codes");
    if (rows.width() != codes.width()) {
      throw new IllegalArgumentException(
          "codes must be as wide as rows (" + rows.width() + "), got " + codes.width());
    }
  }

  /** One mask for all rows or one a row; null for none. */
  static void masksForRows(MaskBits masks, String name, long rows, long bits) {
    if (masks == null) {
      return;
    }
    if (masks.bits() != bits) {
      throw new IllegalArgumentException(
          name + " must have " + bits + " bits, got " + masks.bits());
    }
    if (masks.count() != 1 && masks.count() != rows) {
      throw new IllegalArgumentException(
          name
              + " must be one mask or one for each of the "
              + rows
              + " rows, got "
              + masks.count());
    }
  }

  /** Exactly {@code count} masks; null for none. */
  static void masks(MaskBits masks, long count, long bits, String name) {
    if (masks != null && (masks.bits() != bits || (count > 0 && masks.count() != count))) {
      throw new IllegalArgumentException(
          String.format(
              "%s must be %d of %d bits, got %d of %d",
              name, count, bits, masks.count(), masks.bits()));
    }
  }

  /** Words from mask to mask; 0 where one mask serves all rows. */
  static long stride(MaskBits masks) {
    return masks == null || masks.count() == 1 ? 0 : MaskBits.words(masks.bits());
  }
}
