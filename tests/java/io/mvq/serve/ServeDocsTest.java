package io.mvq.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mvq.Tokenizer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines of docs/serve.md are run in their order, on a port of the test's own. */
class ServeDocsTest {
  private static final Path LOG = Path.of("target", "serve-docs.txt");

  private static boolean isThere(String command) {
    try {
      return run(Path.of(""), command, "--version").waitFor() == 0;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  private static Process run(Path folder, String... words) throws IOException {
    return new ProcessBuilder(List.of(words))
        .directory(folder.toAbsolutePath().toFile())
        .redirectErrorStream(true)
        .redirectOutput(LOG.toFile())
        .start();
  }

  @Test
  void everyCallOfThePageIsAnswered(@TempDir Path folder) throws Exception {
    assumeTrue(isThere("curl") && isThere("jq"), "curl or jq is not installed");
    Matcher block =
        Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("docs/serve.md")));
    assertThat(block.find()).isTrue();
    try (Tokenizer emoji = Tokenizer.pretrained("emoji-2");
        Server server = new Server(emoji, "emoji-2", InetAddress.getLoopbackAddress(), 0, 1)) {
      String lines =
          block.group(1).replace("http://127.0.0.1:8642", server.url().replaceAll("/$", ""));
      assertThat(lines).doesNotContain("8642").contains("/api/info", "/api/codebook");
      Process shell = run(folder, "bash", "-exo", "pipefail", "-c", lines);
      assertThat(shell.waitFor()).as(Files.readString(LOG)).isZero();
      assertThat(PngText.read(Files.readAllBytes(folder.resolve("fruit.png"))).model())
          .isEqualTo(emoji.info().model());
    }
  }
}
