package io.mvq.run;

import io.mvq.recipe.Recipe;
import io.mvq.recipe.RecipeJson;
import io.mvq.tensor.Ranks;
import io.mvq.train.Checkpoint;
import io.mvq.train.CheckpointInterval;
import io.mvq.train.EvaluationInterval;
import io.mvq.train.Player;
import io.mvq.train.Progress;
import io.mvq.train.RunLog;
import io.mvq.train.Step;
import io.mvq.train.Trainer;
import io.mvq.train.Training;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Module;

/**
 * One stage of a run being trained: the autoencoder or the prior.
 *
 * @param folder gets the checkpoint and the log
 * @param resume go on from the checkpoint there, if there is one
 * @param device where it is trained; no part of the recipe, since any device continues any run
 * @param autoencoder what a prior is trained on; null for the autoencoder itself
 * @param interval how often a checkpoint is written
 * @param evaluations how often held-out images are looked at; null for the usual
 * @param goOn asked after each step; false stops, with a checkpoint
 * @param ranks who train together; the first alone writes and shows
 */
public record Stage(
    Recipe recipe,
    Path folder,
    boolean resume,
    Progress.Style style,
    PrintStream out,
    Device device,
    Identity autoencoder,
    CheckpointInterval interval,
    EvaluationInterval evaluations,
    Predicate<StageStep> goOn,
    Ranks ranks) {
  private static final long LOG_EVERY = 10;

  /** Of a batch's rows, by the batch's number, so that a resumed run sees the same rows. */
  static long rowSeed(Training training, long batch) {
    return training.seed() * 1_000_003 + batch;
  }

  /** Where to go on from; null to begin. */
  public Checkpoint begun() throws IOException {
    Path checkpoint = Run.checkpoint(folder);
    if (!resume || !Checkpoint.exists(checkpoint)) {
      return null;
    }
    Checkpoint begun = Checkpoint.read(checkpoint);
    if (autoencoder != null) {
      autoencoder.requireTrainedOn(begun, "prior", folder.toAbsolutePath().getParent());
    }
    return begun;
  }

  /** Whether nothing is left to do, which is then said. @param from null to begin */
  boolean isComplete(String task, Training training, Checkpoint from) {
    boolean complete = from != null && from.step() == training.steps();
    if (complete) {
      out.println(task + " has all its " + training.steps() + " steps");
    }
    return complete;
  }

  /** Trains a module without opponents. */
  boolean train(
      String task,
      Module module,
      Training training,
      Step step,
      Checkpoint from,
      StageEvaluation evaluation)
      throws IOException {
    return train(task, module, training, step, List.of(), from, evaluation);
  }

  /**
   * Trains on the device, with checkpoints, log and progress.
   *
   * @param evaluation of the module; null for none
   * @return whether all steps are done
   */
  boolean train(
      String task,
      Module module,
      Training training,
      Step step,
      List<Player> opponents,
      Checkpoint from,
      StageEvaluation evaluation)
      throws IOException {
    if (isComplete(task, training, from)) {
      return true;
    }
    long done = from == null ? 0 : from.step();
    if (done > 0) {
      out.println(task + " continues from step " + done);
    }
    int imagesPerStep = training.batch() * training.accumulate();
    Trainer trainer =
        trainer(module, training, step, opponents)
            .among(ranks)
            .checkpoints(Run.checkpoint(folder), RecipeJson.write(recipe), notes(), interval);
    trainer.every(
        1,
        report -> {
          if (!goOn.test(new StageStep(task, training.steps(), report))) {
            trainer.stop();
          }
        });
    if (from != null) {
      trainer.resume(from);
    }
    if (!ranks.leads()) {
      return trainer.run();
    }
    try (RunLog log = new RunLog(folder, done);
        Progress progress = Progress.of(style, task, done, training.steps(), imagesPerStep, out)) {
      trainer.every(1, progress::update).every(LOG_EVERY, log::report);
      long evaluateEvery = evaluateEvery(training);
      if (evaluation != null && evaluateEvery > 0) {
        EvaluationBudget budget = new EvaluationBudget(evaluations, System::nanoTime);
        trainer.every(
            evaluateEvery,
            report -> {
              if (budget.isLeft() || report.step() == training.steps()) {
                evaluate(trainer, evaluation, report.step(), log, budget);
              }
            });
      }
      return trainer.run();
    }
  }

  /** What trains a module against its opponents, all of them moved to the device. */
  Trainer trainer(Module module, Training training, Step step, List<Player> opponents) {
    module.to(device, false);
    opponents.forEach(opponent -> opponent.module().to(device, false));
    Trainer trainer = new Trainer(module, training, step);
    opponents.forEach(trainer::against);
    return trainer;
  }

  private long evaluateEvery(Training training) {
    return (evaluations == null ? EvaluationInterval.usual(training.steps()) : evaluations).steps();
  }

  private static void evaluate(
      Trainer trainer, StageEvaluation evaluation, long step, RunLog log, EvaluationBudget budget) {
    double seconds =
        budget.spend(
            () ->
                trainer.evaluate(
                    () -> {
                      try {
                        evaluation.write(step, log);
                      } catch (IOException e) {
                        throw new UncheckedIOException("could not evaluate step " + step, e);
                      }
                      return null;
                    }));
    log.scalar(step, "held-out/seconds", seconds);
  }

  private Map<String, String> notes() {
    return autoencoder == null ? Map.of() : autoencoder.note();
  }
}
