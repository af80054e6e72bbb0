package io.mvq.cli;

import io.mvq.kernel.Backend;
import io.mvq.run.Run;
import io.mvq.train.Checkpoint;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bytedeco.pytorch.global.torch;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code mvq train --ranks N}: starts the processes, and again after one died. */
final class TrainInRanks {
  private static final Set<String> OWN = Set.of("--ranks", "--restarts");
  private static final Set<String> BEGINNING =
      Set.of("--overwrite", "--resume", "--accept-changed-data", "--retrain-prior");

  private static final int STOPPED = 130;

  private final CommandSpec spec;
  private final Run run;
  private final PrintStream out;

  /** Of a command line that was parsed. */
  TrainInRanks(CommandSpec spec, Run run, PrintStream out) {
    this.spec = spec;
    this.run = run;
    this.out = out;
  }

  /** Trains; returns the exit status. */
  int train(int count, int restarts) throws IOException, InterruptedException {
    Backend.load();
    torch.get_num_threads(); // unpacks LibTorch once for all
    RankProcesses.End end = RankProcesses.run(arguments(false), count);
    for (int again = 1; again <= restarts && mayGoOn(end); again++) {
      out.printf("%s; all go on from the last checkpoint (%d of %d)%n", end, again, restarts);
      end = RankProcesses.run(arguments(true), count);
    }
    // Rank 0 has said itself why it failed.
    if (end.failed() && end.status() != STOPPED && (end.rank() > 0 || end.status() > STOPPED)) {
      System.err.println("mvq: " + end);
    }
    return end.status() > STOPPED ? 1 : end.status();
  }

  /** Whether there is something to go on from: a run that never made a step fails for good. */
  private boolean mayGoOn(RankProcesses.End end) {
    return end.failed()
        && end.status() != STOPPED
        && List.of(run.autoencoderFolder(), run.priorFolder(), run.masksFolder()).stream()
            .anyMatch(stage -> Checkpoint.exists(Run.checkpoint(stage)));
  }

  /** The command line of each rank. @param resumed whether it goes on with what was begun */
  private List<String> arguments(boolean resumed) {
    List<String> arguments = new ArrayList<>(List.of("train"));
    Set<String> recipe = RecipeFlags.given(spec).keySet();
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      String name = option.longestName();
      boolean begins = BEGINNING.contains(name) || recipe.contains(name.substring(2));
      if (!OWN.contains(name) && !(resumed && begins)) {
        List<String> values = option.originalStringValues();
        arguments.add(values.isEmpty() ? name : name + "=" + values.get(values.size() - 1));
      }
    }
    if (resumed) {
      arguments.add("--resume");
    }
    return arguments;
  }
}
