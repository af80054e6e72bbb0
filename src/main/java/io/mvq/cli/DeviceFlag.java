package io.mvq.cli;

import io.mvq.tensor.Devices;
import org.bytedeco.pytorch.Device;
import picocli.CommandLine.Option;

/** Which device the models run on. */
final class DeviceFlag {
  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "auto",
      description = "cpu, cuda, cuda:N or auto, a GPU where one can be used (default: auto)")
  private String name;

  /** Its name, that of a device that can be used. */
  String name() {
    get();
    return name;
  }

  /** The same for one of several processes on this machine: each takes the next GPU. */
  String name(int local) {
    boolean any = name.equals("auto") && Devices.refusal() == null || name.equals("cuda");
    name = any ? "cuda:" + local : name;
    return name();
  }

  /** The device; an error says why a GPU that was asked for cannot be used. */
  Device get() {
    return Devices.named(name);
  }
}
