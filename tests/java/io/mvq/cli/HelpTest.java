package io.mvq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command says before anything is run. */
class HelpTest {
  private static TrainedRun.Call call(String... args) {
    return TrainedRun.call(args);
  }

  @Test
  void aloneItNamesTheFiveCommandsThatPeopleNeedFirst() {
    TrainedRun.Call alone = call();
    assertThat(alone.status()).isZero();
    assertThat(alone.err()).isEmpty();
    assertThat(
            alone
                .out()
                .lines()
                .filter(line -> line.startsWith("  mvq "))
                .map(line -> line.split(" +")[2]))
        .containsExactly("quickstart", "serve", "train", "sample", "info");
  }

  @Test
  void helpListsEveryCommandOnceInItsGroup() throws IOException {
    List<String> lines = call("--help").out().lines().toList();
    assertThat(lines).contains("Make a model:", "Use a model:", "Look after runs:", "Measure:");
    try (Stream<Path> files = Files.list(Path.of("src/main/java/io/mvq/cli"))) {
      List<String> commands =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith("Command.java"))
              .map(name -> name.replace("Command.java", "").toLowerCase(java.util.Locale.ROOT))
              .toList();
      assertThat(commands).contains("serve", "train");
      for (String command : commands) {
        assertThat(lines.stream().filter(line -> line.startsWith("  " + command + " ")))
            .as(command)
            .hasSize(1);
      }
    }
  }

  /** A sentence cut off at the end of its source line once stood there. */
  @Test
  void helpSaysOfEachCommandAWholeSentence() {
    List<String> lines = call("--help").out().lines().toList();
    int last = lines.indexOf("Besides:");
    List<String> listed = lines.subList(lines.indexOf("Make a model:") + 1, last);
    for (int i = 0; i < listed.size(); i++) {
      boolean ends = i + 1 == listed.size() || !listed.get(i + 1).startsWith("    ");
      if (listed.get(i).startsWith("  ") && ends) {
        assertThat(listed.get(i)).endsWith(".");
      }
    }
  }

  @Test
  void theCompletionScriptIsOneThatBashReads(@TempDir Path folder) throws Exception {
    Path script = Files.writeString(folder.resolve("mvq.sh"), call("generate-completion").out());
    String shell =
        "source "
            + script
            + "; COMP_WORDS=(mvq ser); COMP_CWORD=1; _complete_mvq; echo ${COMPREPLY[@]}";
    Process bash = new ProcessBuilder("bash", "-c", shell).redirectErrorStream(true).start();
    assertThat(new String(bash.getInputStream().readAllBytes()).strip()).isEqualTo("serve");
  }

  @Test
  void serveRefusesWhatCannotBeBeforeItServes() {
    assertThat(call("serve", "emoji-2", "--port", "70000").err())
        .isEqualTo("mvq: --port must be in 0..65535, got 70000\n");
    assertThat(call("serve", "nothing-here").err())
        .contains("RUN must be a folder or a pretrained model");
    assertThat(call("serve", "emoji-2", "--host", "256.1.1.1").err())
        .isEqualTo("mvq: --host must be an address of this machine, got 256.1.1.1\n");
  }
}
