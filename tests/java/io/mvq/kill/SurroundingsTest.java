package io.mvq.kill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mvq.cli.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locale, encoding, current folder and umask change no name and no byte of what is written. */
class SurroundingsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path home;
  private static Path photos;

  @BeforeAll
  static void images() throws IOException {
    photos = Images.write(home.resolve("photos"));
  }

  private static Child child(Path from, String umask, String... options) {
    List<String> shell = List.of("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh");
    return new Child(shell, List.of(options), Map.of(), from);
  }

  /** Every command that writes, one after the other in one process. */
  static final class Commands {
    public static void main(String[] arguments) {
      Path photos = Path.of(arguments[0]);
      Path out = Path.of(arguments[1]);
      String run = out.resolve("run").toString();
      String codes = out.resolve("codes.npz").toString();
      run(Images.trainCommand(photos, out.resolve("run")));
      run("encode", run, "--images", photos.toString(), "--out", codes, "--threads", "1");
      run("decode", run, "--codes", codes, "--out", out.resolve("d").toString());
      run("sample", run, "--count", "4", "--threads", "1");
      run("evaluate", run, "--feature-steps", "2", "--threads", "1");
    }

    private static void run(String... line) {
      int status = Main.run(line);
      if (status != 0) {
        System.exit(status);
      }
    }
  }

  /** What the commands write, by its name. */
  private static Map<String, byte[]> outputs(String name, Child child) throws Exception {
    Path out = Files.createDirectory(home.resolve(name));
    Child.Ended ended = child.run(Commands.class.getName(), photos.toString(), out.toString());
    assertThat(ended.status()).as(name + ": " + ended.text()).isZero();
    Map<String, byte[]> outputs = new TreeMap<>();
    for (Path file : WholeFiles.files(out)) {
      String key = out.relativize(file).toString();
      if (key.endsWith(".json")) {
        outputs.put(
            key,
            timeless(JSON.readTree(file.toFile())).toString().getBytes(StandardCharsets.UTF_8));
      } else if (key.endsWith("log.csv")) {
        outputs.put(key, timelessLog(file).getBytes(StandardCharsets.UTF_8));
      } else if (!key.contains("tfevents")) {
        outputs.put(key, Files.readAllBytes(file));
      }
    }
    return outputs;
  }

  private static JsonNode timeless(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove("seconds");
    }
    node.forEach(SurroundingsTest::timeless);
    return node;
  }

  /** Without the column of seconds, and without the lines of how long held-out images took. */
  private static String timelessLog(Path csv) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(csv)) {
      if (!line.contains(",held-out/seconds,")) {
        lines.add(line.replaceFirst(",[^,]*", ""));
      }
    }
    return String.join("\n", lines);
  }

  @Test
  void theSurroundingsChangeNoByte() throws Exception {
    Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
    Map<String, byte[]> usual = outputs("usual", child(null, "022"));
    assertThat(usual.keySet())
        .contains("codes.npz", "d/00000.png", "run/samples.png", "run/results.json")
        .contains("run/autoencoder/checkpoint/model.safetensors", "run/prior/log.csv");
    Map<String, Child> others =
        Map.of(
            "arabic",
            child(
                null,
                "077",
                "-Duser.language=ar",
                "-Duser.country=SA",
                "-Duser.extensions=u-nu-arab",
                "-Dfile.encoding=ISO-8859-1"),
            "turkish",
            child(elsewhere, "022", "-Duser.language=tr", "-Duser.country=TR"),
            "german",
            child(null, "002", "-Duser.language=de", "-Dfile.encoding=US-ASCII"));
    for (var other : others.entrySet()) {
      Map<String, byte[]> found = outputs(other.getKey(), other.getValue());
      assertThat(found.keySet()).as(other.getKey()).isEqualTo(usual.keySet());
      usual.forEach(
          (name, bytes) ->
              assertThat(found.get(name)).as(other.getKey() + ": " + name).isEqualTo(bytes));
    }
    requireModes("usual", "rw-r--r--");
    requireModes("arabic", "rw-------");
    requireModes("german", "rw-rw-r--");
  }

  /** Of every file that was written: what the umask leaves. */
  private static void requireModes(String name, String mode) throws IOException {
    for (Path file : WholeFiles.files(home.resolve(name))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .as(file.toString())
          .isEqualTo(mode);
    }
  }
}
