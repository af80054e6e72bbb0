package io.mvq.cli;

import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.bench.Case;
import io.mvq.bench.Row;
import io.mvq.bench.Suite;
import io.mvq.kernel.MaskBits;
import io.mvq.look.Look;
import io.mvq.look.SmallLook;
import io.mvq.recipe.Recipe;
import io.mvq.run.Run;
import io.mvq.tensor.Autocast;
import io.mvq.tensor.Devices;
import io.mvq.timing.Contender;
import io.mvq.timing.Place;
import io.mvq.timing.Rounds;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What a score of draws adds to a training step: images of two drawn masks each, and a frozen
 * network's maps of them.
 */
final class TrainingParts implements Suite {
  private static final int DRAWS = 2;
  private static final String DRAWN = "drawn_decode";
  private static final String MAPS = "feature_maps";

  private final Recipe recipe = Recipe.defaults();

  @Override
  public List<Case> cases() {
    long batch = recipe.training().batch();
    String side = recipe.data().side() + "x" + recipe.data().side();
    List<Case> cases = new ArrayList<>();
    cases.add(new Case(DRAWN, "2 draws, " + side, batch, 0, 0, 0));
    if (Autocast.refusal(Devices.cpu()) == null) {
      cases.add(new Case(MAPS, "small look, bf16, " + side, batch, 0, 0, 0));
    }
    return cases;
  }

  @Override
  public Row measure(Case one, Place place, Rounds rounds) {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(1);
      long side = recipe.data().side();
      Tensor images = place.here(torch.randn(one.n(), recipe.data().channels(), side, side));
      List<Contender> contenders =
          one.operation().equals(DRAWN) ? decoding(images, place) : maps(images, place);
      return Row.of(one, place, contenders, rounds);
    }
  }

  /** All draws in one pass, as training has them; one pass each; and without the decoder. */
  private List<Contender> decoding(Tensor images, Place place) {
    TokenAutoencoder model = (TokenAutoencoder) Run.autoencoder(recipe);
    model.to(place.device(), false);
    model.initialize(images);
    model.eval();
    Tensor tokens = model.encode(images).tokens();
    Tensor repeated = tokens.repeat(DRAWS, 1);
    return List.of(
        new Contender("mvq", -1, scoped(() -> model.decode(repeated, masks(model, repeated)))),
        new Contender(
            "pass_each",
            -1,
            scoped(
                () -> {
                  for (int draw = 0; draw < DRAWS; draw++) {
                    model.decode(tokens, masks(model, tokens));
                  }
                })),
        new Contender(
            "no_decoder", -1, scoped(() -> model.vectors(repeated, masks(model, repeated)))));
  }

  private static MaskBits masks(TokenAutoencoder model, Tensor tokens) {
    return model.drawMasks(tokens, 1);
  }

  /** Forward, and back to the images, in bfloat16 and in float32. */
  private List<Contender> maps(Tensor images, Place place) {
    Tensor asked = images.requires_grad_(true);
    return List.of(
        new Contender("mvq", -1, scoped(pass(look(place).bfloat16(true), asked))),
        new Contender("float32", -1, scoped(pass(look(place), asked))));
  }

  private SmallLook look(Place place) {
    return SmallLook.untrained(recipe.data().channels(), 1).to(place.device());
  }

  private static Runnable pass(Look look, Tensor images) {
    return () ->
        look.maps(images).stream().map(Tensor::mean).reduce(Tensor::add).orElseThrow().backward();
  }

  private static Runnable scoped(Runnable run) {
    return () -> {
      try (PointerScope scope = new PointerScope()) {
        run.run();
      }
    };
  }
}
