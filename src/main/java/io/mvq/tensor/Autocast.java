package io.mvq.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;

/**
 * Convolutions and dense layers in bfloat16 (LibTorch's autocast), on this thread. What they are
 * given is cast on the way in and they give bfloat16; weights stay float32. The casts have
 * gradients, so a backward pass needs none of this.
 */
public final class Autocast {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final List<String> FEATURES = List.of("avx512_bf16", "amx_bf16", "bf16");

  private Autocast() {}

  /** Runs {@code body} in bfloat16 on a device. @param on otherwise it is run as it is */
  public static <T> T bfloat16(boolean on, Device device, Supplier<T> body) {
    if (!on) {
      return body.get();
    }
    boolean cached = torch.is_autocast_cache_enabled();
    torch.set_autocast_cache_enabled(false); // cached casts of weights would outlive their update
    torch.set_autocast_dtype(device.type(), torch.ScalarType.BFloat16);
    try {
      return with(device, true, body);
    } finally {
      torch.set_autocast_cache_enabled(cached);
    }
  }

  /** Runs {@code body} in float32, also within {@link #bfloat16}. */
  public static <T> T float32(Device device, Supplier<T> body) {
    return torch.is_autocast_enabled(device.type()) ? with(device, false, body) : body.get();
  }

  private static <T> T with(Device device, boolean on, Supplier<T> body) {
    boolean before = torch.is_autocast_enabled(device.type());
    torch.set_autocast_enabled(device.type(), on);
    try {
      return body.get();
    } finally {
      torch.set_autocast_enabled(device.type(), before);
    }
  }

  /** Why bfloat16 would not be faster on a device; null where it may be. GPUs are not asked. */
  public static String refusal(Device device) {
    if (!device.is_cpu()) {
      return null;
    }
    try {
      return refusal(Files.exists(CPU_INFO) ? Files.readString(CPU_INFO) : "");
    } catch (IOException e) {
      return "what this CPU can cannot be read: " + e.getMessage();
    }
  }

  /** The same by what a Linux says of its CPUs. */
  static String refusal(String cpuInfo) {
    boolean has =
        cpuInfo
            .lines()
            .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
            .flatMap(line -> Arrays.stream(line.split("[\\s:]+")))
            .anyMatch(FEATURES::contains);
    return has
        ? null
        : cpuInfo.isEmpty()
            ? "what this CPU can is known on Linux alone"
            : "this CPU has no bfloat16 (avx512_bf16, amx_bf16 or bf16)";
  }
}
