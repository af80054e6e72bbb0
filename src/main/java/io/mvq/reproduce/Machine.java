package io.mvq.reproduce;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the figures were made on. */
final class Machine {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  private Machine() {}

  /** The CPU's name and the number of processors. */
  static String cpu() {
    int processors = Runtime.getRuntime().availableProcessors();
    return name() + ", " + processors + (processors == 1 ? " processor" : " processors");
  }

  private static String name() {
    try {
      return Files.readAllLines(CPUINFO).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch"); // no Linux: the architecture must do
    }
  }
}
