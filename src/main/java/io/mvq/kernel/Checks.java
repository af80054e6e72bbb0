package io.mvq.kernel;

import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/** Argument checks that several operations share; the native library checks the rest. */
final class Checks {
  private Checks() {}

  static void sameWidth(FloatMatrix rows, FloatMatrix codes) {
    if (rows.width() != codes.width()) {
      throw new IllegalArgumentException(
          "codes must be as wide as rows (" + rows.width() + "), got " + codes.width());
    }
  }

  /** The words of one mask for all rows or one a row; null for none. */
  static LongPointer words(MaskBits masks, String name, long rows, long bits) {
    if (masks == null) {
      return null;
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
    return masks.words();
  }

  /** The words of exactly {@code count} masks; null for none. */
  static LongPointer words(MaskBits masks, long count, long bits, String name) {
    if (masks == null) {
      return null;
    }
    if (masks.bits() != bits || (count > 0 && masks.count() != count)) {
      throw new IllegalArgumentException(
          String.format(
              "%s must be %d of %d bits, got %d of %d",
              name, count, bits, masks.count(), masks.bits()));
    }
    return masks.words();
  }

  /** Words from mask to mask; 0 where one mask serves all rows. */
  static long stride(MaskBits masks) {
    return masks == null || masks.count() == 1 ? 0 : MaskBits.words(masks.bits());
  }

  static <P extends Pointer> P optional(P pointer, long elements, String name) {
    if (pointer != null) {
      Native.requireCapacity(pointer, elements, name);
    }
    return pointer;
  }
}
