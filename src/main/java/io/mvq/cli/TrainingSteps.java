package io.mvq.cli;

import io.mvq.bench.Case;
import io.mvq.bench.Row;
import io.mvq.bench.Suite;
import io.mvq.data.ImageSource;
import io.mvq.recipe.Recipe;
import io.mvq.run.RunImages;
import io.mvq.run.StepByStep;
import io.mvq.tensor.Autocast;
import io.mvq.timing.Contender;
import io.mvq.timing.Place;
import io.mvq.timing.Rounds;
import io.mvq.train.AtomicFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;

/**
 * Whole steps of training. What MVQ adds to one: against a VQ's of the same recipe. What training
 * the draws adds: with the energy score against the plain step, and against a VQ's with the same
 * score.
 */
final class TrainingSteps implements Suite {
  private static final String OPERATION = "training_step";
  static final Map<String, Object> NO_SCORE =
      Map.of("draw-weight", 0, "look", "none", "look-rate", 0);

  /** Of steps without end, scored by a look that is made and learns on beside them. */
  static final Map<String, Object> SMALL =
      Map.of("side", 32, "width", 16, "look", "untrained", "steps", 1_000_000);

  private final Map<Case, Recipe> recipes = new LinkedHashMap<>();

  /** Those that this machine can measure. @param quick only what need not be fetched */
  TrainingSteps(boolean quick) {
    add("mvq, without score", Recipe.defaults().with("steps", 1_000_000).with(NO_SCORE));
    Recipe small = Recipe.defaults().with(SMALL);
    add("mvq, score by a small look", small);
    if (Autocast.refusal(new Device("cpu")) == null) {
      add("mvq, score by a small look, bf16", small.with("precision", "bf16"));
    }
    if (!quick) {
      add("mvq, score by mobilenet", small.with(Map.of("look", "mobilenet", "look-rate", 0)));
      add("mvq, score by inception", small.with(Map.of("look", "inception", "look-rate", 0)));
    }
  }

  private void add(String detail, Recipe recipe) {
    recipes.put(named(OPERATION, detail, recipe), recipe);
  }

  /** A case of steps by a recipe. */
  static Case named(String operation, String detail, Recipe recipe) {
    String side = ", " + recipe.data().side() + "x" + recipe.data().side();
    int batch = recipe.training().batch();
    return new Case(operation, detail + side, batch, 0, recipe.tokens().codes(), 0);
  }

  @Override
  public List<Case> cases() {
    return List.copyOf(recipes.keySet());
  }

  @Override
  public Row measure(Case one, Place place, Rounds rounds) {
    return inFolder(one, folder -> measure(one, place, rounds, folder));
  }

  /** A measurement of steps that need a folder for what they make. */
  interface Measurement {
    Row in(Path folder) throws IOException;
  }

  /** Measures in a folder that is gone afterwards. */
  static Row inFolder(Case one, Measurement measurement) {
    try {
      Path folder = Files.createTempDirectory("mvq-bench");
      try (PointerScope scope = new PointerScope()) {
        return measurement.in(folder);
      } finally {
        AtomicFolder.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not measure " + one.detail(), e);
    }
  }

  private Row measure(Case one, Place place, Rounds rounds, Path folder) throws IOException {
    Recipe scored = recipes.get(one);
    Map<String, Recipe> contenders = new LinkedHashMap<>();
    contenders.put("mvq", scored);
    if (scored.loss().draws().on()) {
      contenders.put("without score", scored.with(NO_SCORE));
    }
    contenders.put("vq", scored.with("system", "vq"));
    List<StepByStep> begun = new ArrayList<>();
    try {
      ImageSource images = RunImages.of(scored).set().train();
      List<Contender> steps = new ArrayList<>();
      for (Map.Entry<String, Recipe> contender : contenders.entrySet()) {
        StepByStep each = StepByStep.of(contender.getValue(), images, place.device(), folder);
        begun.add(each);
        steps.add(new Contender(contender.getKey(), -1, each::step));
      }
      return Row.of(one, place, steps, rounds);
    } finally {
      begun.forEach(StepByStep::close);
    }
  }
}
