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
  private static final int MOST_THREADS = 1024;
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
   * Whether an operation's plain form in Java has to answer, at this place; the CPU is all that it
   * knows.
   */
  static boolean isPlain(Where where) {
    Backend backend = Backend.load();
    if (backend.isNative()) {
      return false;
    }
    if (given(where).device() == Where.Device.CUDA) {
      throw new KernelException("no CUDA device can be used: " + backend.cudaRefusal());
    }
    Checks.between("ordinal", where.ordinal(), 0, 0);
    Checks.between("threads", where.threads(), 0, MOST_THREADS);
    return true;
  }

  /**
   * The place as this thread's struct, not to be closed. Loads the library on first use; throws
   * what {@link Backend#load} says, and where the kernels are Java's.
   */
  static mvq_where where(Where where) {
    Backend backend = Backend.load();
    if (!backend.isNative()) {
      throw new KernelException(
          "nearest code and dropout masks have a form in Java, this operation has none; "
              + String.join("; ", backend.refused()));
    }
    return WHERE
        .get()
        .device(given(where).device() == Where.Device.CUDA ? MvqNative.MVQ_CUDA : MvqNative.MVQ_CPU)
        .ordinal(where.ordinal())
        .threads(where.threads())
        .stream(where.stream());
  }

  /** Results in new native memory are the CPU's. */
  static void requireHostResults(Where where) {
    if (given(where).device() == Where.Device.CUDA) {
      throw new IllegalArgumentException(
          "on CUDA a kernel allocates nothing; use the form that takes the memory for the results");
    }
  }

  private static Where given(Where where) {
    return Checks.given(where, "where (Where.CPU is the default)");
  }

  /**
   * Runs the call with a workspace of so many bytes, lent by the device or this thread's own, and
   * throws what its status says.
   */
  static void run(Where where, long bytes, ToIntFunction<Pointer> call) {
    check(
        where.device() == Where.Device.CUDA && bytes > 0
            ? where.scratch().lend(bytes, call)
            : call.applyAsInt(workspace(bytes)));
  }

  static void check(int status) {
    if (status == MvqNative.MVQ_OK) {
      return;
    }
    String message = MvqNative.mvq_last_error().getString();
    throw status == MvqNative.MVQ_BAD_ARGUMENT
        ? new IllegalArgumentException(message)
        : new KernelException(message);
  }

  /** What a call used, named after it, so that nothing of it is collected under it. */
  static void keep(Object... used) {
    for (Object object : used) {
      Reference.reachabilityFence(object);
    }
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
        WORKSPACE.remove(); // before it is freed: the larger one may not be had
        block.all().deallocate();
      }
      // Retained, so that a PointerScope open at its birth does not free it.
      BytePointer all = Memory.bytes(bytes + ALIGNMENT, "the workspace").retainReference();
      block = new Block(all, all.getPointer(-all.address() & (ALIGNMENT - 1)), bytes);
      WORKSPACE.set(block);
    }
    return block.aligned();
  }
}
