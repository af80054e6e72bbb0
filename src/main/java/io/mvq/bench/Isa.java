package io.mvq.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What kernels and peers may use of the CPU. The libraries read environment variables when they
 * load, so that {@code ./mvq bench} sets them; here they are only checked.
 */
public enum Isa {
  /** All that the CPU has. */
  WIDEST(Map.of()),
  /** As on a CPU without AVX-512: our tier, OpenBLAS, LibTorch's own kernels and its oneDNN. */
  AVX2(
      Map.of(
          "MVQ_MAX_ISA",
          "avx2",
          "OPENBLAS_CORETYPE",
          "Haswell",
          "ATEN_CPU_CAPABILITY",
          "avx2",
          "ONEDNN_MAX_CPU_ISA",
          "AVX2"));

  private final Map<String, String> environment;

  Isa(Map<String, String> environment) {
    this.environment = environment;
  }

  /** By its name on the command line. @param name "avx2", or "" for all that there is */
  public static Isa named(String name) {
    if (name.isEmpty()) {
      return WIDEST;
    }
    if (name.equals("avx2")) {
      return AVX2;
    }
    throw new IllegalArgumentException("--isa must be avx2, got \"" + name + "\"");
  }

  /**
   * Whether an environment makes kernels and peers use just that.
   *
   * @return a remark where a variable slows a peer
   * @throws IllegalStateException where a cap was asked for and is not in force
   */
  public Optional<String> check(Map<String, String> actual) {
    Map<String, String> missing = new TreeMap<>(environment);
    missing.entrySet().removeIf(wanted -> wanted.getValue().equals(actual.get(wanted.getKey())));
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "--isa "
              + name().toLowerCase(Locale.ROOT)
              + " needs "
              + missing
              + " in the environment before LibTorch loads; start with ./mvq bench, which sets it");
    }
    return Stream.concat(AVX2.environment.keySet().stream(), Stream.of("OPENBLAS_L2_SIZE"))
        .filter(name -> !environment.containsKey(name) && actual.containsKey(name))
        .sorted()
        .findFirst()
        .map(
            name ->
                name
                    + "="
                    + actual.get(name)
                    + " is set, which may slow one side; start with ./mvq bench without it");
  }

  /** For the native harness, which sets its own environment. */
  List<String> harnessOptions() {
    return this == AVX2 ? List.of("--isa", "avx2") : List.of();
  }
}
