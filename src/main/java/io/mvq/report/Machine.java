package io.mvq.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;

/** What figures were made on. */
public final class Machine {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  private Machine() {}

  /** The CPU's name and the number of processors. */
  public static String cpu() {
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

  /** The commit of the sources that this runs from; "unknown" for a released jar. */
  public static String commit() {
    String home = System.getProperty("mvq.home");
    if (home == null) {
      return "unknown";
    }
    try {
      Process git =
          new ProcessBuilder("git", "describe", "--always", "--dirty")
              .directory(Path.of(home).toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return git.waitFor() == 0 ? text.strip() : "unknown";
    } catch (IOException e) {
      return "unknown"; // no git, or no repository
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }

  /** For a report: date, machine, Java, mvq, commit. @param mvq its version */
  public static Map<String, String> facts(String mvq) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("date", LocalDate.now().toString());
    facts.put("machine", cpu());
    facts.put("mvq", mvq + ", commit " + commit());
    facts.put("Java", System.getProperty("java.version"));
    return facts;
  }
}
