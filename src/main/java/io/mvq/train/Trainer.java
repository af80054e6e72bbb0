package io.mvq.train;

import io.mvq.files.Disk;
import io.mvq.setting.Limits;
import io.mvq.tensor.Parameters;
import io.mvq.tensor.RandomState;
import io.mvq.tensor.Ranks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * The training loop. Every batch, hook and callback runs in a PointerScope of its own: a tensor
 * that must outlive one is retained by whoever keeps it. Seed LibTorch before the module is made;
 * the trainer draws no random numbers itself.
 */
public final class Trainer {
  private static final String RANDOM = "random";

  private final Module module;
  private final Training training;
  private final Player first;
  private final List<Player> opponents = new ArrayList<>();
  private final WeightAverage average;
  private final List<Callback> callbacks = new ArrayList<>();
  private Ranks ranks = Ranks.ALONE;
  private StepPasses passes;
  private Checkpoints checkpoints;
  private Disk disk = Disk.REAL;
  private long done;
  private long saved = -1;
  private long savedAt;
  private volatile boolean stop;

  private record Callback(long every, Consumer<StepReport> action) {}

  private record Checkpoints(
      Path folder, String recipe, Map<String, String> notes, CheckpointInterval every) {}

  /** For all parameters of a module. */
  public Trainer(Module module, Training training, Step step) {
    this.module = module;
    this.training = training;
    Map<String, Tensor> trained = Parameters.trained(module);
    first = new Player("model", module, new WeightUpdate(trained, training), step);
    average = new WeightAverage(trained, training.averageDecay());
    passes = new StepPasses(training, ranks);
  }

  /**
   * Shares each step's shards with other ranks. All of them must be made alike; the first alone
   * writes checkpoints.
   */
  public Trainer among(Ranks others) {
    ranks = others;
    passes = new StepPasses(training, others);
    return this;
  }

  /**
   * Trains another player in turn with the module. Each batch goes to the module first, then, in
   * the same PointerScope, to its opponents, so that these see the tensors it left behind; then all
   * weights are updated. Neither's losses may leave gradients at the other.
   */
  public Trainer against(Player opponent) {
    opponents.add(opponent);
    return this;
  }

  /** Calls {@code action} after every n-th step and after the last. */
  public Trainer every(long steps, Consumer<StepReport> action) {
    Limits.atLeast("every", steps, 1);
    callbacks.add(new Callback(steps, action));
    return this;
  }

  /** Keeps a checkpoint in {@code folder}: every n steps, after the last and when stopped. */
  public Trainer checkpoints(Path folder, String recipe, long every) {
    return checkpoints(folder, recipe, Map.of(), CheckpointInterval.ofSteps(every));
  }

  /** The same by steps or by time. @param notes kept in each checkpoint, by name */
  public Trainer checkpoints(
      Path folder, String recipe, Map<String, String> notes, CheckpointInterval every) {
    checkpoints = new Checkpoints(folder, recipe, Map.copyOf(notes), every);
    return this;
  }

  /** Writes checkpoints by other system calls. */
  Trainer on(Disk other) {
    disk = other;
    return this;
  }

  /** Continues where a checkpoint was written, as if there had been no interruption. */
  public Trainer resume(Checkpoint checkpoint) {
    if (!checkpoint.training().containsKey(RANDOM)) {
      throw new IllegalArgumentException(
          "the checkpoint has no training.safetensors: it can be used, not resumed");
    }
    if (checkpoint.training().containsKey(Checkpoint.ARCHIVE)) {
      throw new IllegalArgumentException(
          "the checkpoint is of format 1, whose optimizer state is a program, which is not run: "
              + "it can be used, not resumed");
    }
    checkpoint.load(module);
    average.restore(checkpoint.average());
    first.restore(checkpoint.training());
    opponents.forEach(opponent -> opponent.restoreWhole(checkpoint.training()));
    RandomState.restore(checkpoint.training().get(RANDOM));
    done = checkpoint.step();
    return this;
  }

  /** The present state; it refers to the live tensors, so write it before the next step. */
  public Checkpoint checkpoint(String recipe) {
    return checkpoint(recipe, Map.of());
  }

  private Checkpoint checkpoint(String recipe, Map<String, String> notes) {
    Map<String, Tensor> state = first.state();
    state.put(RANDOM, RandomState.save());
    opponents.forEach(opponent -> state.putAll(opponent.whole()));
    return new Checkpoint(recipe, done, notes, Parameters.all(module), average.tensors(), state);
  }

  /** Optimizer steps done. */
  public long done() {
    return done;
  }

  /** Asks {@link #run} to end after the step in progress; callable from any thread. */
  public void stop() {
    stop = true;
  }

  /**
   * Trains until the recipe's steps are done, or until {@link #stop} or Ctrl-C, which checkpoints
   * first.
   *
   * @return whether all steps are done
   * @throws TrainingException if the loss or a gradient is not finite; the last checkpoint stays
   */
  public boolean run() throws IOException {
    beginTraining();
    savedAt = System.nanoTime();
    try (StopSignal signal = new StopSignal()) {
      while (done < training.steps() && !ranks.any(stop || signal.requested())) {
        StepReport report = step();
        for (Callback callback : callbacks) {
          if (due(callback.every())) {
            try (PointerScope scope = new PointerScope()) {
              callback.action().accept(report);
            }
          }
        }
        if (checkpoints != null && checkpointIsDue()) {
          save();
        }
      }
      if (checkpoints != null && saved != done) {
        save();
      }
      ranks.meet();
      return done == training.steps();
    } finally {
      stop = false;
    }
  }

  /** Puts all modules into training mode, as {@link #run} does; before the first {@link #step}. */
  public void beginTraining() {
    module.train(true);
    opponents.forEach(opponent -> opponent.module().train(true));
  }

  private boolean due(long every) {
    return done % every == 0 || done == training.steps();
  }

  private boolean checkpointIsDue() {
    return done == training.steps() || checkpoints.every().isDue(done, System.nanoTime() - savedAt);
  }

  private void save() throws IOException {
    if (ranks.leads()) {
      write();
    }
    saved = done;
    savedAt = System.nanoTime();
  }

  private void write() throws IOException {
    try (PointerScope scope = new PointerScope()) {
      Checkpoint now = checkpoint(checkpoints.recipe(), checkpoints.notes());
      now.write(checkpoints.folder(), disk);
    }
  }

  /** One step, without what {@link #run} does around it: callbacks, checkpoints, training mode. */
  public StepReport step() {
    List<Player> players = new ArrayList<>(List.of(first));
    opponents.stream().filter(opponent -> opponent.trains(done)).forEach(players::add);
    players.forEach(player -> player.before(done));
    double total = 0;
    Map<String, Double> parts = new LinkedHashMap<>();
    for (StepPasses.Cost cost : passes.run(done, players)) {
      Player player = cost.player();
      if (!Double.isFinite(cost.total())) {
        throw notFinite(whose(player) + "loss is " + cost.total(), cost.parts());
      }
      String owner = player == first ? "" : player.name() + "/";
      int each = training.passes();
      cost.parts().forEach((name, value) -> parts.merge(owner + name, value / each, Double::sum));
      if (player == first) {
        total += cost.total() / each;
      } else {
        parts.merge(player.name(), cost.total() / each, Double::sum);
      }
    }
    double norm = 0;
    for (Player player : players) {
      double own = player.update().clip();
      if (!Double.isFinite(own)) {
        throw notFinite(
            whose(first)
                + "loss is "
                + total
                + " but "
                + whose(player)
                + "gradients' norm is "
                + own,
            Map.of());
      }
      norm = player == first ? own : norm;
    }
    players.forEach(player -> player.update().apply(done));
    average.update(done);
    players.forEach(player -> player.after(done));
    double rate = first.update().learningRate(done);
    done++;
    return new StepReport(done, total, parts, rate, norm);
  }

  private String whose(Player player) {
    return player == first ? "the " : "the " + player.name() + "'s ";
  }

  private TrainingException notFinite(String what, Map<String, Double> losses) {
    StringBuilder text = new StringBuilder(what).append(" in step ").append(done + 1);
    if (!losses.isEmpty()) {
      StringJoiner parts = new StringJoiner(", ", " (", ")");
      losses.forEach((name, value) -> parts.add(name + " " + value));
      text.append(parts);
    }
    text.append("; ");
    if (checkpoints != null && Checkpoint.exists(checkpoints.folder())) {
      text.append("the checkpoint ").append(saved < 0 ? "" : "of step " + saved + " ");
      text.append("is in ");
      text.append(checkpoints.folder());
    } else {
      text.append("there is no checkpoint yet");
    }
    return new TrainingException(
        text.append(". Try a lower learningRate, a longer warmup or a smaller clip").toString());
  }

  /**
   * Runs {@code body} on the averaged weights, in evaluation mode, without gradients and without
   * disturbing the random numbers of training. A tensor it returns must be retained.
   */
  public <T> T evaluate(Supplier<T> body) {
    Tensor random = RandomState.save();
    module.eval();
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard();
        WeightAverage.Swap swap = average.swapIn()) {
      return body.get();
    } finally {
      module.train(true);
      RandomState.restore(random);
      random.close();
    }
  }
}
