package io.mvq.kernel;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * The native memory that one call works on: alive and long enough when it is taken, and not freed
 * before the call's end. A {@code close} in between, of a pointer or its scope, takes effect then.
 *
 * <p>JavaCPP counts references to memory that it allocated: 0 at birth, 1 in a scope, and a release
 * to 0 or below frees. The records of this package therefore make the owner's share 1 ({@link
 * #own}): a call that finds fewer than 2 after adding its own knows that the owner has closed.
 * Memory of others (a tensor's) has no count: its owner keeps it. Only a bare pointer that another
 * thread closes in the very moment in which a call begins is not caught.
 */
final class Operands implements AutoCloseable {
  private static final int MOST = 16;
  private static final long MOST_WAIT = 10_000_000; // ns, for another thread's free()

  private final Pointer[] held = new Pointer[MOST];
  private int count;

  /** A matrix's first element; null if it is empty. */
  FloatPointer of(FloatMatrix matrix, String name) {
    return owned(matrix.data(), matrix.elements(), name);
  }

  /** Masks' first word; null if there are none. */
  LongPointer of(MaskBits masks, String name) {
    return owned(masks.words(), masks.elements(), name);
  }

  /** A bare pointer's, to at least so many elements; null for none. */
  <P extends Pointer> P hold(P pointer, long elements, String name) {
    return owned(elements == 0 ? null : own(pointer), elements, name);
  }

  /** The same of a pointer that may be left out, as null. */
  <P extends Pointer> P optional(P pointer, long elements, String name) {
    return pointer == null ? null : hold(pointer, elements, name);
  }

  /** The same of a pointer whose share {@link #own} has made. */
  <P extends Pointer> P owned(P pointer, long elements, String name) {
    if (elements == 0) {
      return null;
    }
    Checks.capacity(pointer, elements, name);
    if (pointer.referenceCount() < 0) {
      if (pointer.isNull() || View.ofClosed(pointer)) { // closed since it was checked, or before
        throw Checks.closed(name);
      }
      return pointer;
    }
    // One caller at a time: two that meet an owner who is closing must not count as each other.
    synchronized (pointer) {
      Checks.capacity(pointer, elements, name);
      pointer.retainReference();
      if (pointer.referenceCount() < 2) {
        awaitFreed(pointer);
        throw Checks.closed(name);
      }
    }
    held[count++] = pointer;
    return pointer;
  }

  /**
   * The owner closed just before our share was taken, and frees it at this moment, or just after,
   * and left it to us. The two cannot be told apart, and to give our share back would free it twice
   * in the first: so it is waited for, and what is then left goes to JavaCPP's garbage collection.
   */
  private static void awaitFreed(Pointer pointer) {
    long end = System.nanoTime() + MOST_WAIT;
    while (!pointer.isNull() && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  /** The same of one that may be left out. */
  <P extends Pointer> P ownedOrNull(P pointer, long elements, String name) {
    return pointer == null ? null : owned(pointer, elements, name);
  }

  /** Makes the share of a pointer's owner 1 where it is 0; the owner frees it as before. */
  static <P extends Pointer> P own(P pointer) {
    if (pointer != null && pointer.referenceCount() == 0) {
      synchronized (pointer) {
        if (pointer.referenceCount() == 0) {
          pointer.retainReference();
        }
      }
    }
    return pointer;
  }

  @Override
  public void close() {
    while (count > 0) {
      held[--count].releaseReference();
    }
  }

  /** A copy, because JavaCPP shows a pointer's deallocator to its subclasses only. */
  private static final class View extends Pointer {
    private View(Pointer pointer) {
      super(pointer);
    }

    /**
     * Whether this pointer without a count is part of another that was closed, and no tensor's or
     * buffer's: only JavaCPP's text of a deallocator tells.
     */
    static boolean ofClosed(Pointer pointer) {
      Deallocator owner = new View(pointer).deallocator();
      return owner != null && !owner.toString().contains("buffer=java.nio");
    }
  }
}
