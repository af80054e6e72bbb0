package io.mvq.kernel;

import java.util.function.IntFunction;
import java.util.function.LongFunction;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/** New memory, native memory uninitialised; what cannot be had is an exception, not an error. */
final class Memory {
  private static final long ALWAYS_TRIED = 1L << 30;

  private static final long LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  private Memory() {}

  static LongPointer longs(long elements, String name) {
    return allocate(LongPointer::new, elements, Long.BYTES, name);
  }

  static FloatPointer floats(long elements, String name) {
    return allocate(FloatPointer::new, elements, Float.BYTES, name);
  }

  static BytePointer bytes(long elements, String name) {
    return allocate(BytePointer::new, elements, 1, name);
  }

  /** A Java array of so many elements. */
  static <A> A array(IntFunction<A> make, long elements, String name) {
    if (elements < 0 || elements > LONGEST_ARRAY) {
      throw new IllegalArgumentException(
          name + " must have 0.." + LONGEST_ARRAY + " elements, got " + elements);
    }
    try {
      return make.apply((int) elements);
    } catch (OutOfMemoryError e) {
      throw new KernelException("the Java heap has no room for " + elements + " " + name, e);
    }
  }

  private static <P extends Pointer> P allocate(
      LongFunction<P> make, long elements, int size, String name) {
    Backend.load(); // JavaCPP's own allocation lives in our library too.
    long bytes = Checks.product(elements, size, name + "'s bytes");
    if (bytes > ALWAYS_TRIED && bytes > Pointer.totalPhysicalBytes()) {
      throw new IllegalArgumentException(
          String.format(
              "%s would need %d bytes, this machine has %d",
              name, bytes, Pointer.totalPhysicalBytes()));
    }
    try {
      return make.apply(elements);
    } catch (OutOfMemoryError e) {
      throw new KernelException("there is no memory for " + name + ": " + bytes + " bytes", e);
    }
  }
}
