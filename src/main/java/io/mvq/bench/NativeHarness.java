package io.mvq.bench;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** The native harness as a process of its own: its machine and its rows. */
final class NativeHarness {
  static final ObjectMapper JSON =
      new ObjectMapper()
          .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /**
   * What it measured.
   *
   * @param machine its first line: CPU, limits, peers
   */
  record Result(JsonNode machine, List<Row> rows) {}

  private final Path program;

  private NativeHarness(Path program) {
    this.program = program;
  }

  /**
   * Builds it with the peers that are installed.
   *
   * @param home the project's folder, with build-native.sh
   */
  static NativeHarness build(Path home) throws IOException {
    Path script = home.resolve("build-native.sh");
    if (!Files.isExecutable(script)) {
      throw new IOException(
          "the native harness needs the project's sources: " + script + " is not there");
    }
    Process build =
        new ProcessBuilder(script.toString(), "--with-peers")
            .directory(home.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (await(build) != 0) {
      throw new IOException(script + " --with-peers failed");
    }
    return new NativeHarness(home.resolve("target/native/bench/native_bench"));
  }

  /**
   * Runs it.
   *
   * @param options e.g. {@code --quick}
   * @param cases is told how many rows will come
   * @param row is given each row as it comes
   */
  Result run(List<String> options, IntConsumer cases, Consumer<Row> row) throws IOException {
    List<String> line = new ArrayList<>(List.of(program.toString(), "--json"));
    line.addAll(options);
    Process process =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<Row> rows = new ArrayList<>();
    JsonNode machine = null;
    try (BufferedReader output = process.inputReader()) {
      for (String text = output.readLine(); text != null; text = output.readLine()) {
        if (machine == null) {
          machine = JSON.readTree(text);
          cases.accept(machine.get("cases").asInt());
        } else {
          rows.add(JSON.readValue(text, Row.class));
          row.accept(rows.get(rows.size() - 1));
        }
      }
    } finally {
      process.destroy();
    }
    if (await(process) != 0) {
      throw new IOException(program + " failed");
    }
    return new Result(machine, rows);
  }

  static int await(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
