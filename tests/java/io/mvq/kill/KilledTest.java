package io.mvq.kill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mvq.cli.Main;
import io.mvq.files.Manifest;
import io.mvq.reproduce.TinyReproduction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands killed (SIGKILL) at random moments and called again, until they end by themselves: what
 * they made is then, byte for byte, what an undisturbed call makes, and no file at a final name was
 * ever half.
 *
 * <p>{@code -Dmvq.kills=N} kills so often in all; by default once a command. {@code -Dmvq.seed=S}
 * chooses other moments.
 */
@Tag("kills")
class KilledTest {
  private static final int KILLS = Integer.getInteger("mvq.kills", 4);
  private static final long SEED = Long.getLong("mvq.seed", 1);
  private static final String MAIN = Main.class.getName();
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path home;
  private static Path photos;
  private static Path run;
  private static int folders;

  private final SplittableRandom random = new SplittableRandom(SEED);

  /** A command with its outputs in a folder that it is given. */
  private interface Command {
    /** What the folder holds before the first call. */
    default void prepare(Path folder) throws IOException {}

    Child.Ended call(Path folder, long killedAfter) throws Exception;
  }

  @BeforeAll
  static void trainOnce() throws Exception {
    photos = Images.write(home.resolve("photos"));
    run = home.resolve("run");
    Child.Ended trained = train(run, Long.MAX_VALUE);
    assertThat(trained.status()).as(trained.text()).isZero();
  }

  private static Child.Ended train(Path out, long killedAfter) throws Exception {
    return Files.exists(out.resolve("recipe.json"))
        ? Child.PLAIN.run(killedAfter, MAIN, Images.resumeCommand(out))
        : Child.PLAIN.run(killedAfter, MAIN, Images.trainCommand(photos, out));
  }

  @Test
  void train() throws Exception {
    killed("train", (folder, after) -> train(folder.resolve("run"), after));
  }

  @Test
  void reproduce() throws Exception {
    killed(
        "reproduce",
        (folder, after) ->
            Child.PLAIN.run(after, TinyReproduction.class.getName(), folder.toString()));
  }

  @Test
  void encode() throws Exception {
    killed(
        "encode",
        (folder, after) ->
            Child.PLAIN.run(
                after,
                MAIN,
                "encode",
                run.toString(),
                "--images",
                photos.toString(),
                "--out",
                folder.resolve("codes.npz").toString(),
                "--threads",
                "1"));
  }

  @Test
  void evaluate() throws Exception {
    killed(
        "evaluate",
        new Command() {
          @Override
          public void prepare(Path folder) throws IOException {
            for (Path file : WholeFiles.files(run)) {
              Path copy = folder.resolve(run.relativize(file).toString());
              Files.createDirectories(copy.getParent());
              Files.copy(file, copy);
            }
          }

          @Override
          public Child.Ended call(Path folder, long killedAfter) throws Exception {
            return Child.PLAIN.run(
                killedAfter,
                MAIN,
                "evaluate",
                folder.toString(),
                "--feature-steps",
                "5",
                "--threads",
                "1");
          }
        });
  }

  private void killed(String name, Command command) throws Exception {
    Path whole = fresh(name);
    command.prepare(whole);
    Child.Ended undisturbed = command.call(whole, Long.MAX_VALUE);
    assertThat(undisturbed.status()).as(undisturbed.text()).isZero();
    long longest = undisturbed.milliseconds();
    Map<String, String> expected = outputs(whole);
    int kills = 0;
    int ends = 0;
    boolean pending = true;
    while (kills < (KILLS + 3) / 4 || pending) {
      Path folder = fresh(name);
      command.prepare(folder);
      Child.Ended last;
      do { // nothing happens in the first part, while Java starts
        boolean wanted = kills < (KILLS + 3) / 4;
        long after = (long) (longest * (0.25 + 0.8 * random.nextDouble()));
        last = command.call(folder, wanted ? after : Long.MAX_VALUE);
        WholeFiles.require(folder);
        kills += last.status() == 137 ? 1 : 0;
      } while (last.status() == 137);
      assertThat(last.status()).as(last.text()).isZero();
      assertThat(outputs(folder)).as(name + " after " + kills + " kills").isEqualTo(expected);
      longest = Math.max(longest, last.milliseconds());
      ends++;
      pending = false;
    }
    System.out.printf("mvq.kills: %s: %d kills, %d ends, all the same%n", name, kills, ends);
  }

  private static Path fresh(String name) throws IOException {
    return Files.createDirectories(home.resolve(name + folders++));
  }

  /** Every output by its name, without what tells of times. */
  private static Map<String, String> outputs(Path folder) throws IOException {
    Map<String, String> outputs = new TreeMap<>();
    for (Path file : WholeFiles.files(folder)) {
      String name = folder.relativize(file).toString();
      String last = file.getFileName().toString();
      if (last.endsWith(".safetensors") || last.endsWith(".npz") || last.endsWith(".png")) {
        outputs.put(name, Manifest.sha256(file));
      } else if (last.equals("results.json") || last.equals("recipe.json")) {
        outputs.put(name, timeless(JSON.readTree(file.toFile())).toString());
      } else if (last.equals("trials.jsonl")) {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
          lines.add(timeless(JSON.readTree(line)).toString());
        }
        outputs.put(name, String.join("\n", lines));
      }
    }
    return outputs;
  }

  private static JsonNode timeless(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove(List.of("seconds", "date"));
    }
    node.forEach(KilledTest::timeless);
    return node;
  }
}
