package io.mvq.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The JMH benchmarks of {@code tests/bench}, in JVMs of their own: what a small call costs. */
final class JavaCalls {
  private final String classPath;

  private JavaCalls(String classPath) {
    this.classPath = classPath;
  }

  /**
   * Finds what {@code mvnw test-compile} has made.
   *
   * @param home the project's folder
   */
  static JavaCalls find(Path home) throws IOException {
    Path libraries = home.resolve("target/mvq.bench.classpath");
    if (!Files.exists(libraries)) {
      throw new IOException(
          "JMH needs the compiled benchmarks: " + libraries + " is not there; run ./mvq bench");
    }
    List<String> parts = new ArrayList<>();
    for (String folder : List.of("test-classes", "classes", "native-classes")) {
      parts.add(home.resolve("target").resolve(folder).toString());
    }
    parts.add(Files.readString(libraries).strip());
    return new JavaCalls(String.join(File.pathSeparator, parts));
  }

  /** Runs them; a row each, in nanoseconds a row of the search. */
  List<Row> run(boolean quick) throws IOException {
    Path results = Files.createTempFile("jmh", ".json");
    try {
      List<String> line = new ArrayList<>();
      line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      line.addAll(List.of("-cp", classPath, "org.openjdk.jmh.Main", "io.mvq.bench.*"));
      line.addAll(List.of("-f", "1", "-rf", "json", "-rff", results.toString()));
      String time = quick ? "200ms" : "1s";
      line.addAll(List.of("-wi", "3", "-w", time, "-i", "5", "-r", time, "-v", "SILENT"));
      if (quick) {
        line.addAll(List.of("-p", "n=1"));
      }
      Process jmh = new ProcessBuilder(line).inheritIO().start();
      if (NativeHarness.await(jmh) != 0) {
        throw new IOException("JMH failed");
      }
      List<Row> rows = new ArrayList<>();
      for (JsonNode result : NativeHarness.JSON.readTree(results.toFile())) {
        rows.add(row(result));
      }
      return rows;
    } finally {
      Files.deleteIfExists(results);
    }
  }

  private static Row row(JsonNode result) {
    String name = result.get("benchmark").asText();
    JsonNode sizes = result.get("params");
    long n = sizes.get("n").asLong();
    return new Row(
        "java call (JMH)",
        name.substring(name.lastIndexOf('.') + 1),
        n,
        sizes.get("d").asLong(),
        sizes.get("k").asLong(),
        1,
        median(result.at("/primaryMetric/rawData/0")) / n,
        null,
        null,
        null,
        null,
        Map.of(),
        null,
        Map.of());
  }

  private static double median(JsonNode values) {
    List<Double> sorted = new ArrayList<>();
    values.forEach(value -> sorted.add(value.asDouble()));
    sorted.sort(null);
    return sorted.get(sorted.size() / 2);
  }
}
