package io.mvq.run;

import io.mvq.data.ImageSource;
import io.mvq.recipe.Recipe;
import io.mvq.tensor.Ranks;
import io.mvq.train.CheckpointInterval;
import io.mvq.train.Progress;
import io.mvq.train.StepReport;
import io.mvq.train.Trainer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.bytedeco.pytorch.Device;

/**
 * Stage 1 of a run, one step at a time, as {@link AutoencoderTraining} takes it but without
 * checkpoints, log or progress: to measure what a step costs.
 */
public final class StepByStep implements AutoCloseable {
  private final AutoencoderPlayers players;
  private final Trainer trainer;

  private StepByStep(AutoencoderPlayers players, Stage stage) {
    this.players = players;
    trainer =
        stage.trainer(
            players.model(), stage.recipe().training(), players.step(), players.opponents());
    trainer.beginTraining();
  }

  /**
   * Begins.
   *
   * @param images to train on
   * @param folder keeps a look that is made here
   * @throws IllegalArgumentException if the images do not do for the recipe
   * @throws IOException if a network that is trained against cannot be had
   */
  public static StepByStep of(Recipe recipe, ImageSource images, Device device, Path folder)
      throws IOException {
    PrintStream silent =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Stage stage =
        new Stage(
            recipe,
            folder,
            false,
            Progress.Style.NONE,
            silent,
            device,
            null,
            CheckpointInterval.DEFAULT,
            null,
            step -> true,
            Ranks.ALONE);
    return new StepByStep(AutoencoderPlayers.of(stage, images, null), stage);
  }

  /** Takes the next step; past the recipe's last one at its last learning rate. */
  public StepReport step() {
    return trainer.step();
  }

  @Override
  public void close() {
    players.close();
  }
}
