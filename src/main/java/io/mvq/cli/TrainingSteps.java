package io.mvq.cli;

import io.mvq.autoencoder.Autoencoder;
import io.mvq.bench.Case;
import io.mvq.bench.Row;
import io.mvq.bench.Suite;
import io.mvq.recipe.Mvq;
import io.mvq.recipe.Recipe;
import io.mvq.run.Run;
import io.mvq.tensor.Parameters;
import io.mvq.timing.Contender;
import io.mvq.timing.Place;
import io.mvq.timing.Rounds;
import io.mvq.train.WeightUpdate;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** What MVQ adds to training: its whole step against that of a plain VQ of the same recipe. */
final class TrainingSteps implements Suite {
  private final Recipe recipe = Recipe.defaults();

  @Override
  public List<Case> cases() {
    Mvq model = (Mvq) recipe.tokens();
    return List.of(
        new Case(
            "training_step",
            "mvq, 64x64, h " + model.hypotheses().count(),
            recipe.training().batch(),
            model.codeWidth(),
            model.codes(),
            0));
  }

  @Override
  public Row measure(Case one, Place place, Rounds rounds) {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(1);
      Tensor images =
          torch.randn(
              recipe.training().batch(),
              recipe.data().channels(),
              recipe.data().side(),
              recipe.data().side());
      return Row.of(
          one,
          place,
          List.of(
              new Contender("mvq", -1, step("mvq", images, place)),
              new Contender("vq", -1, step("vq", images, place))),
          rounds);
    }
  }

  private Runnable step(String system, Tensor images, Place place) {
    Recipe same = recipe.with("system", system);
    Autoencoder model = Run.autoencoder(same);
    model.to(place.device(), false);
    model.initialize(images);
    WeightUpdate update = new WeightUpdate(Parameters.trained(model), same.training());
    return () -> {
      try (PointerScope step = new PointerScope()) {
        Tensor loss =
            model.forward(images, 0).losses().values().stream().reduce(Tensor::add).orElseThrow();
        loss.backward();
        update.clip();
        update.apply(0);
      }
    };
  }
}
