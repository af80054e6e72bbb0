package io.mvq.cli;

import io.mvq.kernel.Backend;
import io.mvq.kernel.KernelException;
import io.mvq.tensor.Devices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.bytedeco.pytorch.global.torch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code mvq info}: what runs here, and why the rest does not. */
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    description = {
      "Says which backend, instruction set, devices and LibTorch are in use, and why others are not.",
      "With a run: what it is, how far each stage is, and which settings are not the defaults."
    })
final class InfoCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "RUN",
      description = "a run's folder, or a pretrained model's name")
  private Path run;

  @Override
  public Integer call() throws IOException {
    if (run != null) {
      System.out.print(RunArgument.use(run, RunInfo::of));
      return 0;
    }
    boolean kernels = kernels();
    boolean libtorch = libtorch();
    if (kernels && libtorch) {
      String refusal = Devices.refusal();
      System.out.println(
          "device      auto is "
              + Devices.named("auto").str().getString()
              + (refusal == null ? "" : "; not cuda: " + refusal));
    }
    System.out.printf(
        "java        %s, %s; %d processors%n",
        System.getProperty("java.version"),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors());
    return kernels && libtorch ? 0 : 1;
  }

  private static boolean kernels() {
    try {
      Backend backend = Backend.load();
      System.out.println("kernels     " + backend.name() + " (" + backend.library() + ")");
      System.out.println("  CUDA      devices: " + backend.cudaDevices());
      backend.refused().forEach(reason -> System.out.println("  not used  " + reason));
      return true;
    } catch (KernelException e) {
      System.out.println("kernels     none: " + e.getMessage());
      return false;
    }
  }

  private static boolean libtorch() {
    try {
      System.out.printf(
          "LibTorch    %s, %d threads, CUDA devices: %d%n",
          torch.class.getPackage().getImplementationVersion(),
          torch.get_num_threads(),
          torch.cuda_is_available() ? torch.cuda_device_count() : 0);
      return true;
    } catch (LinkageError e) {
      System.out.println(
          "LibTorch    none: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
              + "; models need the dependency org.bytedeco:pytorch-platform");
      return false;
    }
  }
}
