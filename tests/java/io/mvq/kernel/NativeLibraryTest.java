package io.mvq.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the built libraries ask of the system that loads them, read by binutils. */
class NativeLibraryTest {
  /** The newest symbols that may be needed, of 2012 and 2007; none of libstdc++ (CXXABI). */
  private static final List<String> CEILINGS = List.of("GLIBC_2.17", "GCC_4.2.0");

  static Stream<Path> libraries() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("target/native-classes"))) {
      return files.filter(path -> path.toString().endsWith(".so")).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void noSymbolIsNewerThanTheOldestSystem(Path library) throws Exception {
    List<String> needed =
        Pattern.compile("\\((G[A-Z]*_|CXXABI_)[0-9.]+\\)")
            .matcher(output("objdump", "-T", library.toString()))
            .results()
            .map(MatchResult::group)
            .map(version -> version.substring(1, version.length() - 1))
            .distinct()
            .toList();
    assertThat(needed).contains("GLIBC_2.14").allMatch(NativeLibraryTest::isOldEnough);
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void noFolderOfTheBuildIsInIt(Path library) throws Exception {
    String bytes = Files.readString(library, StandardCharsets.ISO_8859_1);
    assertThat(bytes.contains(Path.of("").toAbsolutePath() + "/")).isFalse();
    assertThat(output("readelf", "-d", library.toString()).lines())
        .filteredOn(line -> line.contains("RPATH") || line.contains("RUNPATH"))
        .allMatch(line -> line.endsWith("[$ORIGIN/]"));
  }

  private static boolean isOldEnough(String needed) {
    String name = needed.substring(0, needed.indexOf('_') + 1);
    return CEILINGS.stream()
        .filter(ceiling -> ceiling.startsWith(name))
        .anyMatch(ceiling -> Arrays.compare(numbers(needed), numbers(ceiling)) <= 0);
  }

  private static int[] numbers(String version) {
    String[] parts = version.substring(version.indexOf('_') + 1).split("\\.");
    return Arrays.stream(parts).mapToInt(Integer::parseInt).toArray();
  }

  private static String output(String... command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, command[0] + " of binutils is not installed");
      throw e;
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
