package io.mvq.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MisuseTest {
  private static final Path CLASSES = Path.of("target/classes/io/mvq/kernel");

  @TempDir Path folder;

  /** Every public class of the package, nested ones too; enums' methods are Java's own. */
  private static List<String> publicClasses() throws IOException, ClassNotFoundException {
    List<String> names = new ArrayList<>();
    try (var files = Files.list(CLASSES)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".class") && !name.equals("package-info.class")) {
          Class<?> type =
              Class.forName(
                  "io.mvq.kernel." + name.replace(".class", ""),
                  false,
                  MisuseTest.class.getClassLoader());
          boolean visible = Modifier.isPublic(type.getModifiers());
          if (visible && !type.isEnum() && !Throwable.class.isAssignableFrom(type)) {
            names.add(type.getName());
          }
        }
      }
    }
    return names;
  }

  @Test
  void noArgumentEndsTheJvmOrThrowsAnotherType() throws Exception {
    List<String> classes = publicClasses();
    assertThat(classes).contains("io.mvq.kernel.NearestCode", "io.mvq.kernel.Head$Layer");
    Path output = folder.resolve("output");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
            "-XX:ErrorFile=" + folder.resolve("crash.log"),
            "-cp",
            System.getProperty("java.class.path"),
            "io.mvq.kernel.Misuse",
            "1",
            String.join(",", classes));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(5, TimeUnit.MINUTES);
    process.destroyForcibly();
    List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
    assertThat(ended).as("it hangs").isTrue();
    assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
    assertThat(lines).noneMatch(line -> line.startsWith("WRONG"));
    assertThat(lines.get(lines.size() - 1)).matches("calls \\d{5,} refused \\d{5,}");
  }
}
