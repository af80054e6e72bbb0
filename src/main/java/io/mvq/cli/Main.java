package io.mvq.cli;

import io.mvq.Version;
import io.mvq.files.FileFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Entry of the {@code mvq} command. */
@Command(
    name = "mvq",
    versionProvider = Main.class,
    mixinStandardHelpOptions = true,
    subcommands = {
      QuickstartCommand.class,
      TrainCommand.class,
      EncodeCommand.class,
      DecodeCommand.class,
      SampleCommand.class,
      EvaluateCommand.class,
      ServeCommand.class,
      InfoCommand.class,
      VerifyCommand.class,
      ExportCommand.class,
      BenchCommand.class,
      CombineCommand.class,
      ReproduceCommand.class,
      AutoComplete.GenerateCompletion.class
    },
    commandListHeading = "",
    description = "Image models with very few tokens: masked vector quantization on the JVM.",
    footer = {
      "",
      "Each command explains itself: mvq COMMAND --help",
      "Completion in this shell: source <(./mvq generate-completion)"
    })
public final class Main implements Callable<Integer>, CommandLine.IVersionProvider {
  /** What {@code mvq} alone says. */
  private static final List<String> FIRST =
      List.of(
          "Image models with very few tokens. What people need first:",
          "",
          "  mvq quickstart                     VQ and MVQ side by side, in ten minutes",
          "  mvq serve emoji-2                  a trained model in the browser",
          "  mvq train --data FOLDER --out run  a model of your own images",
          "  mvq sample run                     new images from it",
          "  mvq info                           what runs here, and why the rest does not",
          "",
          "mvq --help lists all commands, mvq COMMAND --help explains one.",
          "");

  @Spec private CommandSpec spec;

  @Option(
      names = "--trace",
      scope = CommandLine.ScopeType.INHERIT,
      description = "show where an error came from")
  private boolean trace;

  @Override
  public Integer call() {
    spec.commandLine().getOut().print(String.join(System.lineSeparator(), FIRST));
    spec.commandLine().getOut().flush();
    return 0;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"mvq " + Version.NUMBER};
  }

  /** Runs a command line; returns the exit status: 0, 1 for a failure, 2 for a wrong call. */
  public static int run(String... args) {
    Main main = new Main();
    // The last of several equal flags counts, so that scripts can append their own.
    CommandLine line =
        new CommandLine(main)
            .setOverwrittenOptionsAllowed(true)
            .setCaseInsensitiveEnumValuesAllowed(true);
    line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, CommandGroups::list);
    RecipeFlags.addTo(line.getSubcommands().get("train"));
    line.setParameterExceptionHandler(
        (error, parsed) -> {
          CommandLine command = error.getCommandLine();
          command.getErr().println("mvq: " + error.getMessage());
          CommandLine.UnmatchedArgumentException.printSuggestions(error, command.getErr());
          command.getErr().println("See " + command.getCommandSpec().qualifiedName() + " --help");
          return command.getCommandSpec().exitCodeOnInvalidInput();
        });
    line.setExecutionExceptionHandler(
        (error, command, parsed) -> {
          if (main.trace) {
            error.printStackTrace(command.getErr());
          }
          command.getErr().println("mvq: " + reason(error));
          return 1;
        });
    return line.execute(args);
  }

  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** The first line of what went wrong: LibTorch's errors continue with a C++ stack. */
  private static String reason(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null
        && (cause.getMessage() == null || cause instanceof UncheckedIOException)) {
      cause = cause.getCause();
    }
    String text = cause instanceof IOException file ? FileFault.text(file) : cause.getMessage();
    String line = text == null ? "" : text.lines().findFirst().orElse("");
    boolean named =
        cause instanceof IllegalArgumentException
            || cause.getClass() == IOException.class
            || cause instanceof FileSystemException;
    return named && !line.isEmpty() ? line : cause.getClass().getSimpleName() + ": " + line;
  }
}
