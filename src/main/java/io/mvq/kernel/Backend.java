package io.mvq.kernel;

import io.mvq.kernel.binding.MvqNative;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The native library as loaded: what is in use and why the rest is not.
 *
 * @param name the backend in use, e.g. {@code "cpu avx512"}
 * @param refused what was not chosen, one {@code "name: reason"} each
 * @param library the file that was loaded
 * @param cudaDevices GPUs that the kernels can use
 */
public record Backend(String name, List<String> refused, String library, int cudaDevices) {
  public Backend {
    Checks.given(name, "name");
    refused = List.copyOf(Checks.allGiven(refused, "refused"));
  }

  private static final Logger LOG = LoggerFactory.getLogger(Backend.class);
  private static final String OLDEST_GLIBC = "2.17"; // NativeLibraryTest holds the library to it

  /** Why the kernels can use no GPU; null if they can. */
  public String cudaRefusal() {
    String cuda = "cuda: ";
    return refused.stream()
        .filter(line -> line.startsWith(cuda))
        .map(line -> line.substring(cuda.length()))
        .findFirst()
        .orElse(null);
  }

  /** Loads the native library once and says so in one INFO line. */
  public static Backend load() {
    return Loaded.get();
  }

  private static final class Loaded {
    private static final Backend BACKEND;
    private static final RuntimeException FAILURE;

    static {
      Backend backend = null;
      RuntimeException failure = null;
      try {
        backend = open();
        LOG.info(
            "mvq kernels: {}{}",
            backend.name(),
            backend.refused().isEmpty()
                ? ""
                : " (not used: " + String.join("; ", backend.refused()) + ")");
      } catch (LinkageError | RuntimeException e) {
        failure = e instanceof KernelException k ? k : missing(e);
      }
      BACKEND = backend;
      FAILURE = failure;
    }

    private static Backend get() {
      if (FAILURE != null) {
        throw new KernelException(FAILURE.getMessage(), FAILURE.getCause());
      }
      return BACKEND;
    }
  }

  private static Backend open() {
    String library = Loader.load(MvqNative.class);
    int version = MvqNative.mvq_abi_version();
    if (version != MvqNative.MVQ_ABI_VERSION) {
      throw new KernelException(
          "libmvq has ABI version "
              + version
              + ", these classes need "
              + MvqNative.MVQ_ABI_VERSION
              + "; use io.mvq:mvq and its classifier jar in the same version");
    }
    if (MvqNative.mvq_isa() == null) {
      throw new KernelException(MvqNative.mvq_last_error().getString());
    }
    int devices = MvqNative.mvq_device_count(MvqNative.MVQ_CUDA);
    return new Backend(
        "cpu " + MvqNative.mvq_isa().getString() + (devices > 0 ? ", cuda" : ""),
        MvqNative.mvq_refused().getString().lines().toList(),
        library,
        devices);
  }

  private static KernelException missing(Throwable cause) {
    String platform = Loader.getPlatform();
    String reason = reason(cause);
    if (isOnTheClassPath(platform)) {
      return new KernelException(
          "this system does not load the mvq native library for "
              + platform
              + (platform.startsWith("linux")
                  ? ", which needs glibc " + OLDEST_GLIBC + " or newer"
                  : "")
              + "; cause: "
              + reason,
          cause);
    }
    return new KernelException(
        "no mvq native library for "
            + platform
            + ": add the dependency io.mvq:mvq with the classifier "
            + platform
            + ", of "
            + version()
            + ", or build it with build-native.sh; cause: "
            + reason,
        cause);
  }

  private static boolean isOnTheClassPath(String platform) {
    String name = System.mapLibraryName("jniMvqNative");
    return MvqNative.class.getResource(platform + "/" + name) != null;
  }

  private static String version() {
    String version = Backend.class.getPackage().getImplementationVersion();
    return version == null ? "the same version as these classes" : "version " + version;
  }

  /** What the system said first: JavaCPP tries on and puts that at the bottom. */
  private static String reason(Throwable cause) {
    Throwable first = cause;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    return String.valueOf(first.getMessage()).lines().findFirst().orElse(first.toString());
  }
}
