package io.mvq.kill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A Java program run as a process of its own.
 *
 * @param shell words before {@code java}, e.g. of a shell that sets a umask; none for a plain start
 * @param options of Java
 * @param environment added to this process's own
 * @param folder to start in; null for this one's
 */
record Child(
    List<String> shell, List<String> options, Map<String, String> environment, Path folder) {
  static final Child PLAIN = new Child(List.of(), List.of(), Map.of(), null);

  private static final long LONGEST_SECONDS = 900;

  /** How it ended. @param text standard output and error together */
  record Ended(int status, String text, long milliseconds) {}

  /** Runs it to its end. */
  Ended run(String mainClass, String... arguments) throws IOException, InterruptedException {
    return run(Long.MAX_VALUE, mainClass, arguments);
  }

  /** Runs it, and kills it (SIGKILL) if it is not over by then; its status is then 137. */
  Ended run(long killedAfterMilliseconds, String mainClass, String... arguments)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(shell);
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(
        List.of(
            "-Xmx512m",
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
            "-Djava.awt.headless=true",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
    line.addAll(options);
    line.addAll(List.of("-cp", absolute(System.getProperty("java.class.path")), mainClass));
    line.addAll(List.of(arguments));
    Path said = Files.createTempFile("mvq-child", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().putAll(environment);
    if (folder != null) {
      builder.directory(folder.toFile());
    }
    long start = System.nanoTime();
    Process process = builder.start();
    try {
      long patience = Math.min(killedAfterMilliseconds, LONGEST_SECONDS * 1000);
      if (!process.waitFor(patience, TimeUnit.MILLISECONDS)
          && killedAfterMilliseconds > LONGEST_SECONDS * 1000) {
        throw new AssertionError("no end after " + LONGEST_SECONDS + " s: " + line);
      }
      process.destroyForcibly();
      int status = process.waitFor();
      long took = (System.nanoTime() - start) / 1_000_000;
      return new Ended(status, Files.readString(said), took);
    } finally {
      process.destroyForcibly();
      Files.delete(said);
    }
  }

  private static String absolute(String classPath) {
    List<String> parts = new ArrayList<>();
    for (String part : classPath.split(System.getProperty("path.separator"))) {
      parts.add(Path.of(part).toAbsolutePath().toString());
    }
    return String.join(System.getProperty("path.separator"), parts);
  }
}
