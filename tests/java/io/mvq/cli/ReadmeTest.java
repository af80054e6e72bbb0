package io.mvq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mvq.Version;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's commands are run in their order, small; its Java is the consumer project's. */
class ReadmeTest {
  private static final Path README = Path.of("README.md");

  /** What makes a command small enough for a test; a later flag overrides. */
  private static List<String> small(String command) {
    return switch (command) {
      case "quickstart" -> List.of("--scale", "0.002", "--count", "200", "--progress", "NONE");
      case "bench" -> List.of("--parts", "LIBTORCH", "--rounds", "1", "--only", "nearest_code");
      case "evaluate" -> List.of("--feature-steps", "2");
      case "combine" -> List.of("--pairs", "2", "--steps", "3", "--distance", "PIXELS");
      case "train" ->
          List.of(
              "--side 32 --width 16 --codes 4 --hypotheses 8 --batch 4 --steps 2 --prior-steps 2 --look-steps 2 --progress NONE"
                  .split(" "));
      default -> List.of();
    };
  }

  @Test
  void everyCommandRunsInItsOrder(@TempDir Path folder) throws Exception {
    for (int i = 0; i < 160; i++) {
      Path photos =
          Files.createDirectories(folder.resolve("photos").resolve(i % 2 == 0 ? "cats" : "dogs"));
      BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
      image.setRGB(i % 32, i / 5, 0xffffff);
      ImageIO.write(image, "png", photos.resolve(i + ".png").toFile());
    }
    List<String> commands = commands(Files.readString(README));
    assertThat(commands).contains("./mvq quickstart", "./mvq info");
    for (String command : commands) {
      if (command.startsWith("./mvq ")) {
        run(folder, command.substring("./mvq ".length()).split(" "));
      } else {
        // The build that runs this test is that command.
        assertThat(command).isEqualTo("./mvnw verify");
      }
    }
    assertThat(folder.resolve("quickstart/results.json")).exists();
    assertThat(folder.resolve("quickstart/loss.png")).exists();
    assertThat(Files.readString(folder.resolve("quickstart/report.html")))
        .contains(
            "<code>mvq quickstart",
            "vq, samples",
            "mvq, random mask",
            "mvq is",
            "class=\"better\"");
    assertThat(folder.resolve("pictures/00000.png")).exists();
    assertThat(folder.resolve("run/samples.png")).exists();
    java(folder, List.of("io.mvq.examples.training.RoundTrip"));
    assertThat(ImageIO.read(folder.resolve("cat.png").toFile()).getWidth()).isEqualTo(32);
  }

  private static void run(Path folder, String... words) throws Exception {
    List<String> call = new ArrayList<>(List.of("io.mvq.cli.Main"));
    call.addAll(List.of(words));
    call.addAll(small(words[0]));
    java(folder, call);
  }

  private static void java(Path folder, List<String> call) throws Exception {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("-Dmvq.home=" + Path.of("").toAbsolutePath());
    line.add("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
    line.add("-cp");
    line.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    line.addAll(call);
    File log = folder.resolve("log.txt").toFile();
    Process process =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start();
    assertThat(process.waitFor())
        .as(String.join(" ", call) + "\n" + Files.readString(log.toPath()))
        .isZero();
  }

  /** The lines of the README's sh blocks that call something of this repository. */
  private static List<String> commands(String readme) {
    List<String> commands = new ArrayList<>();
    Matcher block = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL).matcher(readme);
    while (block.find()) {
      block
          .group(1)
          .lines()
          .map(line -> line.replaceFirst(" +#.*", ""))
          .filter(line -> line.startsWith("./"))
          .forEach(commands::add);
    }
    return commands;
  }

  /** The consumer's is run by the build, the example's above. */
  @Test
  void itsJavaIsThatOfTheConsumerAndOfAnExample() throws IOException {
    List<Path> sources =
        List.of(
            Path.of("tests/consumer/src/main/java/example/Nearest.java"),
            Path.of("examples/training/io/mvq/examples/training/RoundTrip.java"));
    Matcher block =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(README));
    for (Path source : sources) {
      assertThat(block.find()).isTrue();
      assertThat(Files.readString(source)).contains(block.group(1));
    }
    assertThat(block.find()).isFalse();
  }

  /** tests/release runs it where Gradle is. */
  @Test
  void itsGradleLinesAreThoseOfTheConsumerByGradle() throws IOException {
    Matcher block =
        Pattern.compile("```groovy\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(README));
    assertThat(block.find()).isTrue();
    assertThat(Files.readString(Path.of("tests/release/gradle/build.gradle")))
        .contains(block.group(1).replace(Version.NUMBER, "$mvq"));
  }
}
