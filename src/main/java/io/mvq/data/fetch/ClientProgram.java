package io.mvq.data.fetch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A program that is run to its end, such as npm.
 *
 * @param command name, or path, of the program
 * @param name for error texts
 * @param debianPackage the package that brings it
 */
record ClientProgram(String command, String name, String debianPackage) {

  static ClientProgram of(Path folder, String name, String debianPackage) {
    String command = folder == null ? name : folder.resolve(name).toString();
    return new ClientProgram(command, name, debianPackage);
  }

  /**
   * Runs it in a folder.
   *
   * @param what for the error text: "cannot ... : ..."
   */
  void run(String what, Path folder, List<String> arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of(command));
    line.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "cannot %s: no program %s; on Debian or Ubuntu: apt-get install %s",
              what,
              name,
              debianPackage),
          e);
    }
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "cannot %s: %s ended with status %d: %s; the first use needs a network, later"
                    + " ones do not",
                what,
                name,
                status,
                firstUseful(output)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + name, e);
    } finally {
      process.destroy();
    }
  }

  /** The first line that tells of an error, else the first that is not empty. */
  static String firstUseful(String output) {
    List<String> lines = output.lines().map(String::strip).filter(s -> !s.isEmpty()).toList();
    return lines.stream()
        .filter(ClientProgram::tellsOfAnError)
        .findFirst()
        .or(() -> lines.stream().findFirst())
        .orElse("(it said nothing)");
  }

  private static boolean tellsOfAnError(String line) {
    String lower = line.toLowerCase(Locale.ROOT);
    // npm's first error line is but a code; its second says what is wrong.
    boolean code = lower.matches("npm (err!|error) (code|errno|syscall) .*");
    return !code && (lower.startsWith("e: ") || lower.contains("error") || lower.contains("err!"));
  }
}
