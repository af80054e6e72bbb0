package io.mvq.cli;

import io.mvq.autoencoder.MvqBottleneck;
import io.mvq.hypothesis.MultipleHypothesesDropout;
import io.mvq.quantize.Bottleneck;
import io.mvq.quantize.Codebook;
import io.mvq.quantize.SeparateTokens;
import io.mvq.quantize.SharedTokens;
import io.mvq.quantize.VectorQuantizer;
import io.mvq.quantize.VqBottleneck;
import io.mvq.train.Recipe;
import java.util.stream.Stream;

/** Fresh bottlenecks as a recipe describes them. */
final class Bottlenecks {
  private Bottlenecks() {}

  /** The bottleneck of a recipe's system, for all its tokens. @param seed of the masks */
  static Bottleneck of(Recipe.Model model, long seed) {
    if (model.system().equals("mvq")) {
      return masked(model, seed);
    }
    if (model.grid() > 0) {
      return new SharedTokens(model.grid() * model.grid(), token(model));
    }
    return new SeparateTokens(
        Stream.generate(() -> token(model))
            .limit(model.baseTokens() + model.secondaryTokens())
            .toArray(Bottleneck[]::new));
  }

  private static Bottleneck token(Recipe.Model model) {
    return new VqBottleneck(quantizer(model, model.codeWidth()), model.commitment());
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
                seed));
    return new MvqBottleneck(
        quantizer(model, model.codeWidth()),
        quantizer(model, model.maskWidth()),
        dropout,
        model.commitment(),
        model.winnerWeight());
  }

  private static VectorQuantizer quantizer(Recipe.Model model, int width) {
    return new VectorQuantizer(
        model.codes(),
        width,
        Math.min(model.codebookWidth(), width),
        new Codebook.Learning(model.codebookDecay(), model.deadAfter(), model.cosine()));
  }
}
