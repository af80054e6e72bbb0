package io.mvq.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.launcher.JavaModuleOptions;

/** Spark's commands in processes of their own, by the installation that the build put together. */
final class Submit {
  private static final String HOME = System.getProperty("spark.home");

  private Submit() {}

  /** Runs a main class with what Spark needs of a Java 17. @param log what it prints */
  static Process java(Path log, String classPath, String... command) throws IOException {
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    all.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    all.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-cp", classPath));
    all.addAll(List.of(command));
    ProcessBuilder builder = new ProcessBuilder(all);
    builder.environment().put("SPARK_HOME", HOME);
    builder.environment().put("SPARK_SCALA_VERSION", "2.13"); // as bin/load-spark-env.sh finds out
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    return builder.start();
  }

  /** {@code spark-submit} of the class, as docs/scale.md has it, on executors of this machine. */
  static Process submit(Path log, List<String> options, String main, String... arguments)
      throws IOException {
    Files.writeString(
        Path.of(HOME, "RELEASE"), "of the build\n"); // else it looks for Spark's sources
    String jars;
    try (var files = Files.list(Path.of(System.getProperty("mvq.jars")))) {
      jars = files.map(Path::toString).collect(Collectors.joining(","));
    }
    List<String> command = new ArrayList<>();
    command.add("org.apache.spark.deploy.SparkSubmit");
    command.addAll(List.of("--master", "local-cluster[2,1,1024]"));
    command.addAll(options);
    command.addAll(List.of("--jars", jars, "--class", main, System.getProperty("mvq.spark.jar")));
    command.addAll(List.of(arguments));
    return java(log, HOME + "/jars/*", command.toArray(String[]::new));
  }
}
