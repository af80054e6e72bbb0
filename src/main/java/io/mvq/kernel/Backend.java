package io.mvq.kernel;

import io.mvq.kernel.binding.MvqNative;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.LongPointer;

/**
 * The kernels as loaded: what is in use and why the rest is not.
 *
 * <p>The native library answers. On a platform that no artifact of this project is built for,
 * nearest code and dropout masks answer in plain Java, with the same bits and much slower, and
 * every other operation throws. The system property {@value #PROPERTY} decides otherwise: {@code
 * native} never falls back to Java, {@code java} loads no library.
 *
 * @param name the backend in use, e.g. {@code "cpu avx512"}, or {@code "java"}
 * @param refused what was not chosen, one {@code "name: reason"} each
 * @param library the file that was loaded; {@code "no library"} for Java
 * @param cudaDevices GPUs that the kernels can use
 */
public record Backend(String name, List<String> refused, String library, int cudaDevices) {
  public Backend {
    Checks.given(name, "name");
    refused = List.copyOf(Checks.allGiven(refused, "refused"));
  }

  /** The system property that is {@code native}, {@code java} or not set. */
  public static final String PROPERTY = "mvq.kernels";

  private static final System.Logger LOG = System.getLogger(Backend.class.getName());
  private static final String JAVA = "java";
  private static final List<String> BUILT_FOR =
      List.of("linux-x86_64", "linux-arm64", "windows-x86_64", "macosx-arm64");
  private static final String OLDEST_GLIBC = "2.17"; // NativeLibraryTest holds the library to it

  /** Whether it is the native library; otherwise Java answers, where it can. */
  public boolean isNative() {
    return !name.equals(JAVA);
  }

  /** Why the kernels can use no GPU; null if they can. */
  public String cudaRefusal() {
    String cuda = "cuda: ";
    return refused.stream()
        .filter(line -> line.startsWith(cuda))
        .map(line -> line.substring(cuda.length()))
        .findFirst()
        .orElse(null);
  }

  /** Loads the native library once and says so in one line: INFO, WARNING where Java answers. */
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
        LOG.log(
            backend.isNative() ? System.Logger.Level.INFO : System.Logger.Level.WARNING,
            "mvq kernels: "
                + backend.name()
                + (backend.refused().isEmpty()
                    ? ""
                    : " (not used: " + String.join("; ", backend.refused()) + ")"));
      } catch (KernelException e) {
        failure = e;
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
    String asked = System.getProperty(PROPERTY, "");
    if (!List.of("", "native", JAVA).contains(asked)) {
      throw new KernelException(
          "the system property " + PROPERTY + " must be native or java, got \"" + asked + "\"");
    }
    if (asked.equals(JAVA)) {
      return plain(PROPERTY + " is java");
    }
    try {
      return openLibrary();
    } catch (KernelException e) {
      throw e;
    } catch (LinkageError | RuntimeException e) {
      if (asked.isEmpty() && !BUILT_FOR.contains(Loader.getPlatform())) {
        return plain("there is none for " + Loader.getPlatform());
      }
      throw missing(e);
    }
  }

  /** Java's, which needs JavaCPP's own small library for memory outside of the heap. */
  private static Backend plain(String reason) {
    try (LongPointer memory = new LongPointer(1)) {
      memory.put(1);
    } catch (LinkageError | RuntimeException e) {
      throw new KernelException(
          "the kernels in Java need JavaCPP's own library: add org.bytedeco:javacpp with the classifier "
              + Loader.getPlatform()
              + "; cause: "
              + reason(e),
          e);
    }
    return new Backend(
        JAVA,
        List.of("native library: " + reason, "cuda: the kernels in Java know the CPU alone"),
        "no library",
        0);
  }

  private static Backend openLibrary() {
    String library = Loader.load(MvqNative.class);
    int version = MvqNative.mvq_abi_version();
    if (version != MvqNative.MVQ_ABI_VERSION) {
      throw new KernelException(
          "libmvq has ABI version "
              + version
              + ", these classes need "
              + MvqNative.MVQ_ABI_VERSION
              + "; use io.mvq:mvq-kernels and its classifier jar in the same version");
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
            + ": add the dependency io.mvq:mvq-kernels with the classifier "
            + platform
            + ", of "
            + version()
            + ", build it with build-native.sh, or set -D"
            + PROPERTY
            + "=java; cause: "
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
