package io.mvq.cli;

import io.mvq.run.Run;
import io.mvq.run.Verification;
import io.mvq.run.Verification.Finding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code mvq verify}: what of a run is whole. */
@Command(
    name = "verify",
    header = "Says what of a run is whole, and how the rest comes back.",
    mixinStandardHelpOptions = true,
    description =
        "Compares each file of a run with the SHA-256 that was noted when it was written: "
            + "whole, changed, missing, or not listed (logs, pictures, results). Changes nothing. "
            + "The exit status is 0 only if all that the run needs is whole.",
    footer = {"", "Example: mvq verify run"})
final class VerifyCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "RUN", description = "a run's folder")
  private Path run;

  @Override
  public Integer call() throws IOException {
    Verification found = Verification.of(new Run(run));
    for (Finding one : found.findings()) {
      String state =
          switch (one.state()) {
            case WHOLE -> "whole";
            case CHANGED -> "changed";
            case MISSING -> "missing";
            case UNLISTED -> "not listed";
          };
      System.out.printf(
          Locale.ROOT,
          "%-11s %s%s%n",
          state,
          one.file(),
          one.remedy().isEmpty() ? "" : ": " + one.remedy());
    }
    System.out.println(run + (found.isWhole() ? " is whole" : " is not whole"));
    return found.isWhole() ? 0 : 1;
  }
}
