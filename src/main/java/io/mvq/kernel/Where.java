package io.mvq.kernel;

import java.util.function.ToIntFunction;
import org.bytedeco.javacpp.Pointer;

/**
 * Where a kernel runs.
 *
 * @param device the kind of device
 * @param ordinal which one; 0 on the CPU
 * @param threads CPU threads, 0 for as many as the process may use; 0 on CUDA
 * @param stream a {@code cudaStream_t} of that device; null for its default stream, and on the CPU
 * @param scratch lends device memory for the workspace; null on the CPU, where each thread has one
 */
public record Where(Device device, int ordinal, int threads, Pointer stream, Scratch scratch) {
  /** A kind of device. */
  public enum Device {
    CPU,
    CUDA
  }

  /** Lends device memory to one call. */
  @FunctionalInterface
  public interface Scratch {
    /**
     * Runs {@code call} with so many bytes on the device, 64-byte aligned, and returns its result.
     * The kernel still uses them when {@code call} returns: they may be used again only by later
     * work of the same stream. LibTorch's caching allocator and {@code cudaFreeAsync} are so.
     */
    int lend(long bytes, ToIntFunction<Pointer> call);
  }

  /** The CPU with all its threads. */
  public static final Where CPU = cpu(0);

  public Where {
    Checks.given(device, "device");
    Checks.atLeast("ordinal", ordinal, 0);
    Checks.atLeast("threads", threads, 0);
    if (device == Device.CUDA && scratch == null) {
      throw new IllegalArgumentException("scratch must be given on CUDA, got null");
    }
  }

  /** The CPU with so many threads; 0 for all. */
  public static Where cpu(int threads) {
    return new Where(Device.CPU, 0, threads, null, null);
  }

  /**
   * A GPU: every pointer of a call is to its memory, and a call returns before its work is done.
   * {@code io.mvq.tensor.Devices} makes one of a tensor.
   */
  public static Where cuda(int ordinal, Pointer stream, Scratch scratch) {
    return new Where(Device.CUDA, ordinal, 0, stream, scratch);
  }
}
