package io.mvq.cli;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** Command lines to be typed again. */
final class CommandLines {
  private CommandLines() {}

  /** That which a command was called by. */
  static String of(CommandSpec spec) {
    return line(spec.root().commandLine().getParseResult().originalArgs());
  }

  /** {@code mvq} and its arguments, quoted where a shell needs it. */
  static String line(List<String> arguments) {
    return arguments.stream()
        .map(CommandLines::quoted)
        .collect(Collectors.joining(" ", "mvq ", ""));
  }

  private static String quoted(String argument) {
    return argument.matches("[A-Za-z0-9_./:=,@%+-]+")
        ? argument
        : "'" + argument.replace("'", "'\\''") + "'";
  }
}
