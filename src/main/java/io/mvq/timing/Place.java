package io.mvq.timing;

import io.mvq.kernel.Where;
import io.mvq.tensor.Devices;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Where a case is measured, by our kernels and by LibTorch alike.
 *
 * @param device the CPU or a GPU
 * @param threads of the CPU; 1 on a GPU
 */
public record Place(Device device, int threads) {
  /** The tensor there. */
  public Tensor here(Tensor tensor) {
    return Devices.to(tensor, device);
  }

  /** For our kernels; on a GPU, LibTorch's current stream. @param there a tensor that is there */
  public Where where(Tensor there) {
    return gpu() ? Devices.where(there) : Where.cpu(threads);
  }

  /** Whether it is a GPU. */
  public boolean gpu() {
    return device.is_cuda();
  }

  /** Waits until the device has done what it was given; the CPU always has. */
  public void settle() {
    if (gpu()) {
      torch.cuda_synchronize(device.index());
    }
  }
}
