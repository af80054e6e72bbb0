package io.mvq.serve;

import io.mvq.recipe.Recipe;
import io.mvq.recipe.RecipeJson;
import io.mvq.train.RunLog;
import io.mvq.train.StepReport;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes what a training writes, by the classes that it writes with, as fast as a test likes. */
final class WrittenRun implements AutoCloseable {
  static final int STEPS = 2000;

  private final RunLog log;
  private final double level;

  WrittenRun(Path folder, double level) throws IOException {
    this.level = level;
    Files.createDirectories(folder);
    Recipe recipe = Recipe.of(Map.of("data", "nowhere", "steps", STEPS));
    Files.writeString(folder.resolve("recipe.json"), RecipeJson.write(recipe));
    log = new RunLog(folder.resolve("autoencoder"), 0);
  }

  /** Some steps, each tenth logged, each hundredth evaluated. */
  void steps(int from, int to) {
    for (int step = from; step <= to; step += 10) {
      double loss = level / Math.sqrt(step);
      Map<String, Double> parts = Map.of("reconstruction", 0.9 * loss, "commitment", 0.1 * loss);
      log.report(new StepReport(step, loss, parts, 1e-3 * step / STEPS, 1));
      if (step % 100 == 0) {
        log.scalars(
            step,
            Map.of(
                "held-out/loss",
                1.2 * loss,
                "held-out/psnr",
                20 + step / 100.0,
                "codebook/1/used",
                60.0,
                "codebook/1/perplexity",
                20 + step / 50.0));
        log.image(step, "reconstructions", picture(step));
      }
    }
  }

  /** A picture of one colour, red by its step. */
  static BufferedImage picture(int step) {
    BufferedImage picture = new BufferedImage(40, 20, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = picture.createGraphics();
    canvas.setColor(new Color(step / 10, 100, 100));
    canvas.fillRect(0, 0, 40, 20);
    canvas.dispose();
    return picture;
  }

  @Override
  public void close() throws IOException {
    log.close();
  }
}
