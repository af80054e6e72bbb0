package io.mvq.tensor;

import io.mvq.kernel.Backend;
import io.mvq.kernel.Where;
import java.util.function.ToIntFunction;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Devices by name, the device of tensors and modules, and the kernels' {@link Where} for it. */
public final class Devices {
  private Devices() {}

  /** The CPU. */
  public static Device cpu() {
    return new Device("cpu");
  }

  /**
   * A device that models and kernels can both use.
   *
   * @param name {@code cpu}, {@code cuda}, {@code cuda:1} and so on, or {@code auto}: the first GPU
   *     where one can be used, else the CPU
   * @throws IllegalArgumentException naming the reason if it cannot be used
   */
  public static Device named(String name) {
    if (name.equals("cpu") || (name.equals("auto") && refusal() != null)) {
      return cpu();
    }
    if (!name.matches("auto|cuda(:\\d{1,3})?")) {
      throw new IllegalArgumentException(
          "device must be cpu, cuda, cuda:N or auto, got \"" + name + "\"");
    }
    if (refusal() != null) {
      throw new IllegalArgumentException("device " + name + " cannot be used: " + refusal());
    }
    int ordinal = name.contains(":") ? Integer.parseInt(name.substring("cuda:".length())) : 0;
    int count = Math.min(Backend.load().cudaDevices(), torch.cuda_device_count());
    if (ordinal >= count) {
      throw new IllegalArgumentException(
          "device " + name + " is not there: CUDA devices are 0.." + (count - 1));
    }
    return new Device("cuda:" + ordinal);
  }

  /** Why no GPU can be used, by the kernels or by LibTorch; null if one can. */
  public static String refusal() {
    Backend backend = Backend.load();
    if (backend.cudaDevices() == 0) {
      return "the kernels say " + backend.cudaRefusal();
    }
    return torch.cuda_is_available()
        ? null
        : "LibTorch sees none; it needs org.bytedeco:pytorch with classifier linux-x86_64-gpu and"
            + " CUDA's libraries";
  }

  /** The device of a module's first parameter; the CPU if it has none. */
  public static Device of(Module module) {
    TensorVector parameters = module.parameters();
    return parameters.empty() ? cpu() : parameters.get(0).device();
  }

  /** The tensor on the device of another; itself if it is there. */
  public static Tensor like(Tensor tensor, Tensor other) {
    return to(tensor, other.device());
  }

  /** The tensor on a device; itself if it is there. */
  public static Tensor to(Tensor tensor, Device device) {
    return tensor.to(device, tensor.scalar_type().intern());
  }

  /**
   * Where a kernel on this tensor runs: on its device and, on CUDA, on LibTorch's current stream.
   * Workspaces come from LibTorch's caching allocator: it hands a block that is freed early only to
   * later work of the same stream, so nothing waits and memory is shared with the models.
   */
  public static Where where(Tensor tensor) {
    if (tensor.device().is_cpu()) {
      return Where.CPU;
    }
    Device device = tensor.device();
    byte ordinal = device.index();
    return Where.cuda(
        ordinal, CurrentStream.of(ordinal), (bytes, call) -> lend(device, bytes, call));
  }

  private static int lend(Device device, long bytes, ToIntFunction<Pointer> call) {
    try (Tensor block =
        torch.empty(new long[] {bytes}, Tensors.options(ScalarType.Byte, device), null)) {
      return call.applyAsInt(block.data_ptr());
    }
  }
}
