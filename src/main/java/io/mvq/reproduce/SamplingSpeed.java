package io.mvq.reproduce;

import io.mvq.autoencoder.ContinuousAutoencoder;
import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.prior.LatentDiffusion;
import io.mvq.prior.Sampling;
import io.mvq.prior.TokenPrior;
import io.mvq.recipe.DiffusionPrior;
import io.mvq.recipe.Recipe;
import io.mvq.run.DiffusionTraining;
import io.mvq.run.Run;
import io.mvq.tensor.RandomState;
import io.mvq.timing.Contender;
import io.mvq.timing.Place;
import io.mvq.timing.Rounds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * How long it takes to draw an image's tokens, and to decode them too. All systems take turns in
 * one run. Their weights are fresh: time does not depend on what a network has learned.
 *
 * @param rounds how often each takes its turn
 * @param place the device, and LibTorch's threads
 */
record SamplingSpeed(Rounds rounds, Place place) {
  /** Images at a time. */
  static final List<Integer> BATCHES = List.of(1, 64);

  private static final int SIDE = 64;

  /**
   * What was measured.
   *
   * @param baseline whether it is one of those that MVQ is held against
   * @param tokenSeconds to draw the tokens (and the mask), an image
   * @param imageSeconds the same with the decoding
   */
  record Timing(
      String prior,
      int batch,
      String system,
      int tokens,
      boolean baseline,
      double tokenSeconds,
      double imageSeconds) {}

  /**
   * One of those who take turns.
   *
   * @param tokens (or vectors) an image
   * @param draw so many images' tokens, or vectors
   * @param decode what was drawn to images
   */
  private record Entrant(
      String system,
      int tokens,
      boolean baseline,
      IntFunction<Tensor> draw,
      UnaryOperator<Tensor> decode) {
    String name() {
      return system + " " + tokens;
    }
  }

  /** All systems with a kind of prior, at a batch. */
  List<Timing> measure(Protocol protocol, String priorKind, int batch) {
    RandomState.seed(1);
    List<Entrant> entrants = entrants(protocol, priorKind);
    List<Contender> draws = new ArrayList<>();
    List<Contender> images = new ArrayList<>();
    for (Entrant one : entrants) {
      draws.add(new Contender(one.name(), -1, () -> one.draw().apply(batch).close()));
      images.add(
          new Contender(
              one.name(),
              -1,
              () -> {
                try (PointerScope scope = new PointerScope()) {
                  one.decode().apply(one.draw().apply(batch)).close();
                }
              }));
    }
    double[] tokenSeconds = seconds(draws, batch);
    double[] imageSeconds = seconds(images, batch);
    List<Timing> timings = new ArrayList<>();
    for (int i = 0; i < entrants.size(); i++) {
      Entrant one = entrants.get(i);
      timings.add(
          new Timing(
              priorKind,
              batch,
              one.system(),
              one.tokens(),
              one.baseline(),
              tokenSeconds[i],
              imageSeconds[i]));
    }
    return timings;
  }

  /** Seconds an image of every contender. */
  private double[] seconds(List<Contender> contenders, int batch) {
    return Arrays.stream(rounds.medians(place, contenders)).map(ns -> ns / 1e9 / batch).toArray();
  }

  private static List<Entrant> entrants(Protocol protocol, String prior) {
    return List.of(
        entrant(protocol, prior, Contestant.MVQ, false, Map.of("base-tokens", 1)),
        entrant(protocol, prior, Contestant.MVQ, false, Map.of("base-tokens", 4)),
        entrant(protocol, prior, Contestant.VQ, true, Map.of("grid", 8)),
        entrant(protocol, prior, Contestant.VQ, true, Map.of("grid", 16)),
        entrant(protocol, prior, Contestant.VQ_VAE_2, true, Map.of("grid", 16)),
        diffusion(protocol, Map.of("latents", 5)));
  }

  private static Recipe recipe(
      Protocol protocol, Contestant contestant, Map<String, Object> flags) {
    Map<String, Object> all = new LinkedHashMap<>(contestant.flags());
    all.putAll(Map.of("side", SIDE, "channels", 3));
    all.putAll(flags);
    return protocol.recipe(protocol.datasets().get(0), all);
  }

  private static Entrant entrant(
      Protocol protocol,
      String priorKind,
      Contestant contestant,
      boolean baseline,
      Map<String, Object> size) {
    Recipe recipe = recipe(protocol, contestant, size).with("prior", priorKind);
    TokenAutoencoder model = (TokenAutoencoder) Run.autoencoder(recipe);
    model.eval();
    TokenPrior prior = Run.prior(recipe, model.codes(), 0);
    prior.eval();
    return new Entrant(
        contestant.name(),
        model.codes().length,
        baseline,
        n -> prior.sample(n, null, Sampling.PLAIN, 1),
        tokens -> model.decode(tokens, model.randomMasks(tokens.size(0), 1)));
  }

  /** The same whatever the kind of the token prior. */
  private static Entrant diffusion(Protocol protocol, Map<String, Object> size) {
    Recipe recipe = recipe(protocol, Contestant.DIFFUSION, size);
    ContinuousAutoencoder model = (ContinuousAutoencoder) Run.autoencoder(recipe);
    model.eval();
    LatentDiffusion prior =
        ((DiffusionPrior) recipe.prior()).prior(model.latents(), model.codeWidth());
    return new Entrant(
        Contestant.DIFFUSION.name(),
        Math.toIntExact(model.latents()),
        false,
        n -> prior.sample(n, DiffusionTraining.SAMPLING_STEPS, 1),
        model::decode);
  }
}
