package io.mvq.kernel;

import io.mvq.kernel.binding.MvqNative;
import io.mvq.kernel.binding.mvq_where;
import java.lang.ref.Reference;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * What every operation needs: a loaded library, a status turned into an exception, and what a
 * thread keeps from call to call, because making a struct takes longer than a small search.
 */
final class Native {
  private static final int ALIGNMENT = 64;
  private static final ThreadLocal<Block> WORKSPACE = new ThreadLocal<>();
  private static final ThreadLocal<mvq_where> WHERE = perThread(mvq_where::new);

  /** A thread's workspace: the block that is freed, and the aligned bytes in it. */
  private record Block(BytePointer all, Pointer aligned, long bytes) {}

  private Native() {}

  /**
   * A struct that each thread makes once and fills anew at each call; every field that is read must
   * be set.
   */
  static <P extends Pointer> ThreadLocal<P> perThread(Supplier<P> make) {
    return ThreadLocal.withInitial(
        () -> {
          Backend.load();
          P struct = make.get();
          struct.retainReference(); // a PointerScope open at its birth must not free it
          return struct;
        });
  }

  /**
   * The place as this thread's struct, not to be closed. Loads the library on first use; throws
   * what {@link Backend#load} says.
   */
  static mvq_where where(Where where) {
    Backend.load();
    if (where == null) {
      throw new IllegalArgumentException("where must be given, got null; Where.CPU is the default");
    }
    return WHERE
        .get()
        .device(where.device() == Where.Device.CUDA ? MvqNative.MVQ_CUDA : MvqNative.MVQ_CPU)
        .ordinal(where.ordinal())
        .threads(where.threads())
        .stream(where.stream());
  }

  /** Results in new native memory are the CPU's. */
  static void requireHostResults(Where where) {
    if (where != null && where.device() == Where.Device.CUDA) {
      throw new IllegalArgumentException(
          "on CUDA a kernel allocates nothing; use the form that takes the memory for the results");
    }
  }

  /** Runs the call with a workspace of so many bytes, lent by the device or this thread's own. */
  static int run(Where where, long bytes, ToIntFunction<Pointer> call) {
    return where.device() == Where.Device.CUDA && bytes > 0
        ? where.scratch().lend(bytes, call)
        : call.applyAsInt(workspace(bytes));
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
  private static Pointer workspace(long bytes) {
    if (bytes <= 0) {
      return null; // Nothing needed, or a bad call: the operation itself then says what is wrong.
    }
    Block block = WORKSPACE.get();
    if (block == null || block.bytes() < bytes) {
      if (block != null) {
        block.all().releaseReference();
      }
      // Retained, so that a PointerScope open at its birth does not free it.
      BytePointer all = new BytePointer(bytes + ALIGNMENT).retainReference();
      block = new Block(all, all.getPointer(-all.address() & (ALIGNMENT - 1)), bytes);
      WORKSPACE.set(block);
    }
    return block.aligned();
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
