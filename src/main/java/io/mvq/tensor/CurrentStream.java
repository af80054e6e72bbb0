package io.mvq.tensor;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.cuda.CUDAStream;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * LibTorch's current CUDA stream. Alone in its class: loading it needs {@code org.bytedeco:cuda},
 * which a CPU has no use for.
 */
final class CurrentStream {
  private CurrentStream() {}

  /** The {@code cudaStream_t} that this thread's work on a device goes to; null for the default. */
  static Pointer of(byte ordinal) {
    try (CUDAStream current = torch_cuda.getCurrentCUDAStream(ordinal)) {
      return current.stream();
    }
  }
}
