package io.mvq.examples.training;

import io.mvq.Training;
import io.mvq.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Trains two tokens a picture on a folder of pictures. */
public final class OwnImages {
  private OwnImages() {}

  /**
   * {@code OwnImages photos run steps=2000 prior-steps=1000}: settings are the flags of {@code mvq
   * train}. Stops, with a checkpoint, as soon as there is a file {@code run/stop}; called again, it
   * goes on.
   */
  public static void main(String[] args) throws IOException {
    Map<String, String> settings = new HashMap<>(Map.of("data", args[0]));
    for (int i = 2; i < args.length; i++) {
      settings.put(args[i].split("=")[0], args[i].split("=")[1]);
    }
    Path run = Path.of(args[1]);
    Training training =
        Files.exists(run.resolve("recipe.json"))
            ? Training.resume(run)
            : Training.begin(Recipe.of(settings), run);
    boolean done =
        training.run(
            step -> {
              if (step.step() % 100 == 0 || step.step() == step.steps()) {
                System.out.printf("%s, step %d: %.3f%n", step.stage(), step.step(), step.loss());
              }
              return !Files.exists(run.resolve("stop"));
            });
    System.out.println(done ? "done" : "stopped");
  }
}
