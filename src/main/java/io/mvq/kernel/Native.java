package io.mvq.kernel;

import io.mvq.kernel.binding.MvqNative;
import io.mvq.kernel.binding.mvq_where;
import java.lang.ref.Reference;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** What every operation needs: a loaded library, a status turned into an exception, a workspace. */
final class Native {
  private static final int ALIGNMENT = 64;
  private static final ThreadLocal<BytePointer> WORKSPACE = new ThreadLocal<>();

  private Native() {}

  /** Loads the library on first use; throws what {@link Backend#load} says. */
  static mvq_where where(Where where) {
    Backend.load();
    if (where == null) {
      throw new IllegalArgumentException("where must be given, got null; Where.CPU is the default");
    }
    return new mvq_where()
        .device(where.device() == Where.Device.CUDA ? MvqNative.MVQ_CUDA : MvqNative.MVQ_CPU)
        .ordinal(where.ordinal())
        .threads(where.threads());
  }

  private static void check(int status) {
    if (status == MvqNative.MVQ_OK) {
      return;
    }
    String message = MvqNative.mvq_last_error().getString();
    throw status == MvqNative.MVQ_BAD_ARGUMENT
        ? new IllegalArgumentException(message)
        : new KernelException(message);
  }

  /** Checks the status; what the call used is passed too, so that it is not collected under it. */
  static void finish(int status, Object... held) {
    for (Object object : held) {
      Reference.reachabilityFence(object);
    }
    check(status);
  }

  /**
   * This thread's workspace of at least so many bytes, aligned; kept and grown from call to call.
   */
  static Pointer workspace(long bytes) {
    if (bytes <= 0) {
      return null; // Nothing needed, or a bad call: the operation itself then says what is wrong.
    }
    BytePointer block = WORKSPACE.get();
    if (block == null || block.limit() < bytes + ALIGNMENT) {
      if (block != null) {
        block.releaseReference();
      }
      // Retained, so that a PointerScope open at its birth does not free it.
      block = new BytePointer(bytes + ALIGNMENT).retainReference();
      WORKSPACE.set(block);
    }
    long offset = -block.address() & (ALIGNMENT - 1);
    return block.getPointer(offset);
  }

  /**
   * Throws if {@code pointer} is too short for so many elements; a null one is long enough for
   * none.
   */
  static void requireCapacity(Pointer pointer, long elements, String name) {
    if (elements == 0) {
      return;
    }
    if (pointer == null || pointer.isNull()) {
      throw new IllegalArgumentException(name + " must be given, got null");
    }
    long available = pointer.limit() - pointer.position();
    if (available < elements) {
      throw new IllegalArgumentException(
          name + " must hold at least " + elements + " elements, got " + available);
    }
  }
}
