package io.mvq.cli;

import io.mvq.autoencoder.BottleneckAutoencoder;
import io.mvq.autoencoder.Draws;
import io.mvq.bench.Case;
import io.mvq.bench.Row;
import io.mvq.bench.Suite;
import io.mvq.quantize.Bottleneck;
import io.mvq.recipe.Recipe;
import io.mvq.run.Run;
import io.mvq.run.RunImages;
import io.mvq.run.StepByStep;
import io.mvq.tensor.Parameters;
import io.mvq.timing.Contender;
import io.mvq.timing.Place;
import io.mvq.timing.Rounds;
import io.mvq.train.WeightUpdate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Where the time of a training step goes: each part by itself, forwards and back, over the whole
 * step. What is left of 1 is what judges the images (a look, a discriminator and their own
 * learning, features, pixels) and what surrounds the parts.
 */
final class StepShares implements Suite {
  private final Map<Case, Recipe> recipes = new LinkedHashMap<>();

  /** Those that this machine can measure. @param quick only what need not be fetched */
  StepShares(boolean quick) {
    Recipe small = Recipe.defaults().with(TrainingSteps.SMALL);
    Recipe plain = small.with(TrainingSteps.NO_SCORE);
    Map<String, Object> judge =
        Map.of("adversarial-weight", 0.8, "adversarial-start", 0, "adversarial-ramp", 0);
    add("mvq, without score", plain);
    add("mvq, score by a small look", small);
    add("mvq, a discriminator", plain.with(judge));
    if (!quick) {
      add("mvq, vqgan's losses", plain.with(judge).with("perceptual-weight", 1));
    }
  }

  private void add(String detail, Recipe recipe) {
    recipes.put(TrainingSteps.named("step_shares", detail, recipe), recipe);
  }

  @Override
  public List<Case> cases() {
    return List.copyOf(recipes.keySet());
  }

  @Override
  public Row measure(Case one, Place place, Rounds rounds) {
    return TrainingSteps.inFolder(one, folder -> measure(one, place, rounds, folder));
  }

  private Row measure(Case one, Place place, Rounds rounds, Path folder) throws IOException {
    Recipe recipe = recipes.get(one);
    try (StepByStep whole =
        StepByStep.of(recipe, RunImages.of(recipe).set().train(), place.device(), folder)) {
      List<Contender> contenders = new ArrayList<>();
      contenders.add(new Contender("mvq", -1, whole::step));
      contenders.addAll(parts(recipe, place));
      return Row.of(one, place, contenders, rounds);
    }
  }

  private static List<Contender> parts(Recipe recipe, Place place) {
    torch.manual_seed(1);
    long batch = recipe.training().batch();
    long side = recipe.data().side();
    Tensor images = place.here(torch.randn(batch, recipe.data().channels(), side, side));
    BottleneckAutoencoder model = (BottleneckAutoencoder) Run.autoencoder(recipe);
    model.to(place.device(), false);
    model.initialize(images);
    Tensor latents = model.latents(images).detach().requires_grad_(true);
    Draws draws =
        recipe.loss().draws().on() ? recipe.loss().draws().draws(1, 0, (int) batch) : null;
    List<Tensor> vectors =
        vectors(model.quantized(latents, 0), draws).stream()
            .map(each -> each.detach().requires_grad_(true))
            .toList();
    WeightUpdate update = new WeightUpdate(Parameters.trained(model), recipe.training());
    List<Tensor> gradients = gradients(model, images);
    return List.of(
        part("encoder", () -> back(model.latents(images))),
        part(
            "search",
            () -> {
              Bottleneck.Result result = model.quantized(latents, 0);
              Tensor losses =
                  result.losses().values().stream().reduce(Tensor::add).orElseThrow().sum();
              vectors(result, draws).stream()
                  .map(Tensor::sum)
                  .reduce(losses, Tensor::add)
                  .backward();
            }),
        part("decoder", () -> vectors.forEach(each -> back(model.images(each)))),
        part(
            "update",
            () -> {
              List<Tensor> parameters = List.copyOf(Parameters.trained(model).values());
              for (int i = 0; i < parameters.size(); i++) {
                parameters.get(i).mutable_grad().put(gradients.get(i));
              }
              update.clip();
              update.apply(0);
            }));
  }

  /** What the decoder is given in a step, a pass each: the winners' vectors, those of each draw. */
  private static List<Tensor> vectors(Bottleneck.Result result, Draws draws) {
    List<Tensor> passes = new ArrayList<>(List.of(result.vectors()));
    if (draws != null) {
      long rows = draws.rows(result.vectors());
      Tensor drawn = result.redraw().vectors(rows, draws.each(), draws.seed(), draws.first());
      for (int draw = 0; draw < draws.each(); draw++) {
        passes.add(drawn.narrow(0, draw * rows, rows));
      }
    }
    return passes;
  }

  private static List<Tensor> gradients(BottleneckAutoencoder model, Tensor images) {
    back(model.forward(images, 0).images());
    List<Tensor> kept = new ArrayList<>();
    for (Tensor parameter : Parameters.trained(model).values()) {
      Tensor gradient = parameter.grad();
      kept.add(gradient.defined() ? gradient.clone() : torch.zeros_like(parameter));
    }
    return kept;
  }

  private static void back(Tensor made) {
    made.mul(made).mean().backward();
  }

  private static Contender part(String name, Runnable run) {
    return new Contender(
        name,
        -1,
        () -> {
          try (PointerScope scope = new PointerScope()) {
            run.run();
          }
        });
  }
}
