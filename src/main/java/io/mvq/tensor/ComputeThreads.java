package io.mvq.tensor;

import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/** How many threads LibTorch, and the OpenBLAS below it, compute an operation with. */
public final class ComputeThreads {
  private ComputeThreads() {}

  /**
   * Sets the number: LibTorch's of the calling thread, OpenBLAS' of the process.
   *
   * <p>OpenBLAS has a number of its own, that of all processors, which {@code
   * torch.set_num_threads} leaves alone: its idle threads spin, and how many there are changes the
   * order of sums.
   *
   * @param count 1 or more
   */
  public static void set(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("count must be at least 1, got " + count);
    }
    torch.set_num_threads(count);
    openblas_nolapack.blas_set_num_threads(count);
  }
}
