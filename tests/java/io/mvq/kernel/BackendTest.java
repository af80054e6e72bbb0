package io.mvq.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackendTest {
  /** What a child JVM runs: a search, or the error of trying one. */
  static final class Child {
    public static void main(String[] args) {
      try {
        FloatMatrix codes = FloatMatrix.of(new float[] {0, 0, 1, 1}, 2);
        Assignment found = NearestCode.search(FloatMatrix.of(new float[] {.9f, .9f}, 2), codes);
        System.out.println(Backend.load().name() + " found " + found.indices()[0]);
        MaskBits bank = MaskBits.of(new boolean[] {true, false});
        NearestInBank.search(codes, codes, bank, Where.CPU);
      } catch (KernelException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  private static final List<String> CLASS_PATH =
      Arrays.asList(
          System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
              .split(System.getProperty("path.separator")));

  private static String child(
      List<String> classPath, Map<String, String> environment, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.add("-cp");
    command.add(String.join(System.getProperty("path.separator"), classPath));
    command.add(Child.class.getName());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  @Test
  void namesWhatIsInUseAndWhatIsNot() {
    Backend backend = Backend.load();
    assertThat(backend.name()).matches("cpu (scalar|avx2|avx512|avx512vnni|amx|neondot|neon)");
    assertThat(backend.refused()).anyMatch(line -> line.startsWith("cuda: "));
    assertThat(backend.library()).contains("jniMvqNative");
  }

  @Test
  void oneInfoLineSaysSo() throws Exception {
    assertThat(child(CLASS_PATH, Map.of()))
        .containsOnlyOnce("mvq kernels: cpu ")
        .contains("not used: cuda: ")
        .contains(" found 1");
  }

  @Test
  void aCappedTierAnswersTheSame() throws Exception {
    assertThat(child(CLASS_PATH, Map.of("MVQ_MAX_ISA", "scalar"))).contains("cpu scalar found 1");
  }

  @Test
  void anUnknownCapIsAnError() throws Exception {
    assertThat(child(CLASS_PATH, Map.of("MVQ_MAX_ISA", "mmx")))
        .contains("MVQ_MAX_ISA")
        .contains("mmx");
  }

  @Test
  void withoutLibTorchOnTheClassPathTheKernelsRun() throws Exception {
    List<String> kernelsOnly =
        CLASS_PATH.stream()
            .filter(
                p ->
                    !p.contains("pytorch")
                        && !p.contains("openblas")
                        && !p.matches(".*javacpp-.*-linux-x86_64.jar"))
            .toList();
    assertThat(kernelsOnly).hasSizeLessThan(CLASS_PATH.size());
    assertThat(child(kernelsOnly, Map.of())).contains(" found 1");
  }

  @Test
  void withoutTheNativeJarTheMissingCoordinateIsNamed() throws Exception {
    List<String> classesOnly = new ArrayList<>(CLASS_PATH);
    classesOnly.removeIf(path -> path.contains("native-classes"));
    assertThat(child(classesOnly, Map.of()))
        .contains(
            "no mvq native library for linux-x86_64: add the dependency io.mvq:mvq-kernels with the")
        .contains("the classifier linux-x86_64, of the same version as these classes, build it")
        .contains(" or set -Dmvq.kernels=java; cause: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"linux-arm64", "windows-x86_64", "macosx-arm64"})
  void onEveryPlatformWithAnArtifactItsMissingCoordinateIsNamed(String platform) throws Exception {
    assertThat(child(withoutNatives(), Map.of(), "-Dorg.bytedeco.javacpp.platform=" + platform))
        .contains("no mvq native library for " + platform + ": add the dependency")
        .contains("io.mvq:mvq-kernels with the classifier " + platform + ", of ");
  }

  @Test
  void aLibraryThatTheSystemIsTooOldForIsNamedWithWhatItNeeds(@TempDir Path folder)
      throws Exception {
    Path natives = Path.of("target/native-classes");
    Path platform = Path.of("io/mvq/kernel/binding/linux-x86_64");
    Files.createDirectories(folder.resolve(platform));
    for (String name : List.of("libmvq.so", "libjniMvqNative.so")) {
      byte[] bytes = Files.readAllBytes(natives.resolve(platform).resolve(name));
      // a version that no system has; ISO-8859-1 keeps every byte
      String library = new String(bytes, StandardCharsets.ISO_8859_1);
      Files.write(
          folder.resolve(platform).resolve(name),
          library.replace("GLIBC_2.14", "GLIBC_9.14").getBytes(StandardCharsets.ISO_8859_1));
    }
    List<String> tooNew = new ArrayList<>(CLASS_PATH);
    tooNew.replaceAll(path -> path.contains("native-classes") ? folder.toString() : path);
    assertThat(child(tooNew, Map.of()))
        .contains("this system does not load the mvq native library for linux-x86_64, which needs ")
        .contains("needs glibc 2.17 or newer; cause: ")
        .contains("version `GLIBC_9.14' not found");
  }

  private static String javacppOfThisPlatform() {
    return CLASS_PATH.stream()
        .filter(path -> path.matches(".*javacpp-[0-9.]+-linux-x86_64.jar"))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> withoutNatives() {
    return CLASS_PATH.stream().filter(path -> !path.contains("native-classes")).toList();
  }

  @Test
  void javaAnswersWhereItIsAskedTo() throws Exception {
    assertThat(child(withoutNatives(), Map.of(), "-Dmvq.kernels=java"))
        .containsOnlyOnce("mvq kernels: java (not used: native library: mvq.kernels is java; cuda:")
        .contains("java found 1")
        .contains(
            "nearest code and dropout masks have a form in Java, this operation has none; nat");
  }

  @Test
  void aPlatformWithoutAnArtifactSaysThatJavaAnswersUnlessItMayNot(@TempDir Path folder)
      throws Exception {
    String platform = "-Dorg.bytedeco.javacpp.platform=linux-riscv64";
    assertThat(child(withoutNatives(), Map.of(), platform))
        .contains("the kernels in Java need JavaCPP's own library: add org.bytedeco:javacpp with")
        .contains(" the classifier linux-riscv64; cause: ");
    assertThat(child(withoutNatives(), Map.of(), platform, "-Dmvq.kernels=native"))
        .contains("no mvq native library for linux-riscv64: add the dependency");
    // JavaCPP's own library for this machine, where the one for that platform would be.
    Path given = Path.of("org/bytedeco/javacpp/linux-riscv64/libjnijavacpp.so");
    Files.createDirectories(folder.resolve(given).getParent());
    try (ZipFile jar = new ZipFile(javacppOfThisPlatform())) {
      ZipEntry entry = jar.getEntry("org/bytedeco/javacpp/linux-x86_64/libjnijavacpp.so");
      Files.copy(jar.getInputStream(entry), folder.resolve(given));
    }
    List<String> withJavacpp = new ArrayList<>(withoutNatives());
    withJavacpp.add(folder.toString());
    assertThat(child(withJavacpp, Map.of(), platform))
        .containsOnlyOnce("WARN")
        .contains("mvq kernels: java (not used: native library: there is none for linux-riscv64;")
        .contains("java found 1");
  }

  @Test
  void anUnknownKindOfKernelsIsAnError() throws Exception {
    assertThat(child(CLASS_PATH, Map.of(), "-Dmvq.kernels=fortran"))
        .contains("the system property mvq.kernels must be native or java, got \"fortran\"");
  }
}
