package io.mvq.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The commands of {@code mvq --help} by what one wants to do. */
final class CommandGroups {
  private static final int NAMES = 22;

  private CommandGroups() {}

  private static Map<String, List<String>> groups() {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    groups.put("Make a model", List.of("quickstart", "train", "evaluate"));
    groups.put("Use a model", List.of("serve", "sample", "encode", "decode", "combine"));
    groups.put("Look after runs", List.of("info", "verify", "export"));
    groups.put("Measure", List.of("reproduce", "bench"));
    return groups;
  }

  /** The list, for picocli; a command that is in no group comes last. */
  static String list(Help help) {
    Map<String, Help> left = new LinkedHashMap<>(help.subcommands());
    StringBuilder text = new StringBuilder();
    groups()
        .forEach(
            (title, names) -> {
              List<Help> commands = new ArrayList<>();
              names.forEach(name -> commands.add(left.remove(name)));
              append(text, title, commands, help);
            });
    if (!left.isEmpty()) {
      append(text, "Besides", List.copyOf(left.values()), help);
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String title, List<Help> commands, Help help) {
    int width = help.commandSpec().usageMessage().width();
    TextTable table =
        TextTable.forColumns(
            help.colorScheme(),
            new Column(NAMES, 2, Overflow.SPAN),
            new Column(width - NAMES, 1, Overflow.WRAP));
    for (Help command : commands) {
      table.addRowValues(
          help.colorScheme().commandText(command.commandSpec().name()),
          help.colorScheme().text(summary(command)));
    }
    text.append(String.format("%n%s:%n%s", title, table));
  }

  /** The header of a command; without one, its description is a sentence. */
  private static String summary(Help command) {
    UsageMessageSpec message = command.commandSpec().usageMessage();
    String[] lines = message.header().length > 0 ? message.header() : message.description();
    return lines.length == 0 ? "" : lines[0];
  }
}
