package io.mvq.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.metric.FeatureNetwork;
import io.mvq.train.Recipe;
import java.util.List;
import java.util.Locale;

/** One system's line in results.json and in the table that people read. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Result(
    String system,
    int tokens,
    int codes,
    double bits,
    @JsonProperty("mask_bits") double maskBits,
    Frechet frechet,
    Images images,
    Psnr psnr,
    Double precision,
    Double recall,
    double perplexity,
    @JsonProperty("feature_network") String featureNetwork,
    long steps,
    long parameters,
    double seconds) {
  /** Frechet distances of reconstructions and of samples from the prior, to equally many images. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Frechet(double winner, @JsonProperty("random_mask") double randomMask, Double samples) {}

  /** How many images the numbers are of. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Images(long reconstructed, Long sampled) {}

  /** Decibels. */
  record Psnr(double winner, @JsonProperty("random_mask") double randomMask) {}

  static Result of(
      Recipe recipe,
      TokenAutoencoder model,
      Evaluation evaluation,
      FeatureNetwork features,
      double seconds) {
    Evaluation.Generation samples = evaluation.samples();
    return new Result(
        recipe.model().system(),
        model.codes().length,
        recipe.model().codes(),
        rounded(model.tokenBits()),
        rounded(model.maskBits()),
        new Frechet(
            rounded(evaluation.winner().frechet()),
            rounded(evaluation.randomMask().frechet()),
            samples == null ? null : rounded(samples.frechet())),
        new Images(evaluation.winner().images(), samples == null ? null : samples.images()),
        new Psnr(rounded(evaluation.winner().psnr()), rounded(evaluation.randomMask().psnr())),
        samples == null ? null : rounded(samples.precision()),
        samples == null ? null : rounded(samples.recall()),
        rounded(evaluation.perplexity()),
        features.name(),
        recipe.training().steps(),
        io.mvq.tensor.Parameters.count(model),
        rounded(seconds));
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  /** {@code {"runs": [...]}}, indented. */
  static String json(List<Result> runs) {
    try {
      return new ObjectMapper()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .writeValueAsString(java.util.Map.of("runs", runs))
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("results are always writable", e);
    }
  }

  /**
   * The table that people read: a column a system; with two systems, how much lower the second is.
   */
  static String table(List<Result> runs) {
    StringBuilder text = new StringBuilder();
    row(text, "", runs, r -> r.system());
    row(text, "tokens an image", runs, r -> Integer.toString(r.tokens()));
    row(text, "codes a codebook", runs, r -> Integer.toString(r.codes()));
    row(
        text,
        "bits of tokens + winner's mask",
        runs,
        r -> number(r.bits()) + " + " + number(r.maskBits()));
    row(text, "Frechet distance, winner's mask", runs, r -> number(r.frechet().winner()));
    row(text, "Frechet distance, random mask", runs, r -> number(r.frechet().randomMask()));
    row(text, "Frechet distance, samples from the prior", runs, r -> number(r.frechet().samples()));
    row(text, "precision of samples", runs, r -> number(r.precision()));
    row(text, "recall of samples", runs, r -> number(r.recall()));
    row(text, "PSNR, winner's mask (dB)", runs, r -> number(r.psnr().winner()));
    row(text, "PSNR, random mask (dB)", runs, r -> number(r.psnr().randomMask()));
    row(text, "codebook perplexity", runs, r -> number(r.perplexity()));
    row(text, "parameters", runs, r -> Long.toString(r.parameters()));
    row(text, "training steps", runs, r -> Long.toString(r.steps()));
    row(text, "seconds of training", runs, r -> Long.toString(Math.round(r.seconds())));
    text.append("\nfeatures: ").append(runs.get(0).featureNetwork());
    text.append(" (not FID; comparable within this table only)\n");
    return text.toString();
  }

  private static void row(
      StringBuilder text,
      String name,
      List<Result> runs,
      java.util.function.Function<Result, String> cell) {
    text.append(String.format(Locale.ROOT, "%-42s", name));
    for (Result run : runs) {
      text.append(String.format(Locale.ROOT, "%14s", cell.apply(run)));
    }
    text.append('\n');
  }

  private static String number(Double value) {
    return value == null
        ? "-"
        : String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.2f", value);
  }
}
