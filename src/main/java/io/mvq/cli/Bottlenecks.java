package io.mvq.cli;

import io.mvq.autoencoder.MvqBottleneck;
import io.mvq.hypothesis.MaskSet;
import io.mvq.hypothesis.MultipleHypothesesDropout;
import io.mvq.hypothesis.SearchOptions;
import io.mvq.quantize.Anneal;
import io.mvq.quantize.Bottleneck;
import io.mvq.quantize.Codebook;
import io.mvq.quantize.FsqBottleneck;
import io.mvq.quantize.LfqBottleneck;
import io.mvq.quantize.RelaxedBottleneck;
import io.mvq.quantize.ResidualBottleneck;
import io.mvq.quantize.SeparateTokens;
import io.mvq.quantize.SharedTokens;
import io.mvq.quantize.VectorQuantizer;
import io.mvq.quantize.VqBottleneck;
import io.mvq.train.MaskSearch;
import io.mvq.train.Recipe;
import io.mvq.train.RelaxedTokens;
import java.util.Locale;
import java.util.stream.Stream;

/** Fresh bottlenecks as a recipe describes them. */
final class Bottlenecks {
  private Bottlenecks() {}

  /** The bottleneck of a recipe's system, for all its tokens. @param seed of the masks */
  static Bottleneck of(Recipe.Model model, long seed) {
    if (model.system().equals("mvq")) {
      return masked(model, seed);
    }
    Bottleneck tokens = tokens(model);
    return model.system().equals("rvq") ? residual(model, tokens) : tokens;
  }

  /** Tokens side by side: of a grid with one codebook, else with a codebook each. */
  private static Bottleneck tokens(Recipe.Model model) {
    if (model.grid() > 0) {
      return new SharedTokens(model.grid() * model.grid(), token(model));
    }
    return new SeparateTokens(
        Stream.generate(() -> token(model))
            .limit(model.baseTokens() + model.secondaryTokens())
            .toArray(Bottleneck[]::new));
  }

  private static Bottleneck token(Recipe.Model model) {
    RelaxedTokens relaxed = model.relaxed();
    return switch (model.system()) {
      case "vq", "rvq" -> new VqBottleneck(quantizer(model, model.codeWidth()), model.commitment());
      case "gumbel", "concrete" ->
          new RelaxedBottleneck(
              model.codes(),
              model.codeWidth(),
              new Anneal(relaxed.temperature(), relaxed.lastTemperature(), 1),
              new Anneal(0, relaxed.divergence(), relaxed.ramp()),
              model.system().equals("gumbel"));
      case "fsq" -> new FsqBottleneck(model.levels());
      case "lfq" ->
          new LfqBottleneck(
              Integer.numberOfTrailingZeros(model.codes()),
              model.commitment(),
              model.entropyWeight());
      default -> throw new IllegalArgumentException("no tokens for system " + model.system());
    };
  }

  /** Stages over the whole image, or over each token where MVQ would have a winner a token. */
  private static Bottleneck residual(Recipe.Model model, Bottleneck first) {
    boolean each = model.winnerPerToken() || model.grid() > 0;
    long width = each ? model.codeWidth() : first.outputs();
    VectorQuantizer[] stages =
        Stream.generate(() -> new VectorQuantizer(model.stageCodes(), width, 0, learning(model)))
            .limit(model.residualStages())
            .toArray(VectorQuantizer[]::new);
    return new ResidualBottleneck(first, stages, model.commitment());
  }

  private static Bottleneck masked(Recipe.Model model, long seed) {
    MultipleHypothesesDropout dropout =
        new MultipleHypothesesDropout(
            new MultipleHypothesesDropout.Settings(
                model.secondaryTokens(),
                model.maskWidth(),
                model.baseTokens(),
                model.codeWidth(),
                model.hypotheses(),
                model.dropout(),
                model.winnerPerToken(),
                model.headHidden(),
                seed),
            options(model.masks()));
    return new MvqBottleneck(
        quantizer(model, model.codeWidth()),
        quantizer(model, model.maskWidth()),
        dropout,
        model.commitment(),
        model.winnerWeight(),
        model.masks().mixtureWeight());
  }

  private static SearchOptions options(MaskSearch masks) {
    MaskSet.Kind kind = MaskSet.Kind.valueOf(masks.set().toUpperCase(Locale.ROOT));
    return new SearchOptions(
        new MaskSet(kind, masks.gateShare()),
        masks.mixtureWeight() > 0,
        masks.softTop(),
        masks.softTemperature());
  }

  private static VectorQuantizer quantizer(Recipe.Model model, int width) {
    return new VectorQuantizer(
        model.codes(), width, Math.min(model.codebookWidth(), width), learning(model));
  }

  private static Codebook.Learning learning(Recipe.Model model) {
    return new Codebook.Learning(model.codebookDecay(), model.deadAfter(), model.cosine());
  }
}
