package io.mvq.kernel;

/**
 * Where a kernel runs.
 *
 * @param device the kind of device
 * @param ordinal which one; 0 on the CPU
 * @param threads CPU threads, 0 for as many as the process may use
 */
public record Where(Device device, int ordinal, int threads) {
  /** A kind of device. */
  public enum Device {
    CPU,
    CUDA
  }

  /** The CPU with all its threads. */
  public static final Where CPU = cpu(0);

  public Where {
    if (threads < 0) {
      throw new IllegalArgumentException("threads must be at least 0, got " + threads);
    }
  }

  /** The CPU with so many threads; 0 for all. */
  public static Where cpu(int threads) {
    return new Where(Device.CPU, 0, threads);
  }
}
