package io.mvq.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.mvq.metric.FeatureNetwork;
import io.mvq.metric.KernelDistance;
import io.mvq.tensor.Parameters;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * One system's line in results.json and in the table that people read.
 *
 * @param perplexity of the codebooks, their mean
 * @param codesUsed share of its codes that the images use, of the codebook that uses fewest; null
 *     in older files
 * @param look the network that its images were trained against by the energy score; null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Result(
    String system,
    int tokens,
    int codes,
    double bits,
    @JsonProperty("mask_bits") double maskBits,
    Frechet frechet,
    @JsonProperty("held_out") HeldOut heldOut,
    Double precision,
    Double recall,
    Samples samples,
    double perplexity,
    @JsonProperty("codes_used") Double codesUsed,
    @JsonProperty("feature_network") String featureNetwork,
    String look,
    long steps,
    long parameters,
    double seconds) {
  /**
   * Frechet distances to the training images, of equally many reconstructions or samples of the
   * prior.
   *
   * @param real of the held-out images themselves: no samples need come nearer; null in older files
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Frechet(
      double winner,
      @JsonProperty("random_mask") double randomMask,
      Double samples,
      Double real,
      long images) {}

  /** The held-out images reconstructed: Frechet distance to them and PSNR in dB. */
  public record HeldOut(
      @JsonProperty("frechet_winner") double frechetWinner,
      @JsonProperty("frechet_random_mask") double frechetRandomMask,
      @JsonProperty("psnr_winner") double psnrWinner,
      @JsonProperty("psnr_random_mask") double psnrRandomMask,
      @JsonProperty("ssim_winner") double ssimWinner,
      @JsonProperty("ssim_random_mask") double ssimRandomMask,
      long images) {
    static HeldOut of(Reconstructed winner, Reconstructed randomMask) {
      return new HeldOut(
          rounded(winner.frechet()),
          rounded(randomMask.frechet()),
          rounded(winner.fidelity().psnr()),
          rounded(randomMask.fidelity().psnr()),
          rounded(winner.fidelity().ssim()),
          rounded(randomMask.fidelity().ssim()),
          winner.fidelity().images());
    }
  }

  /** Further measures of the prior's samples; kernel distances times 1000. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Samples(
      @JsonProperty("frechet_infinite") double frechetInfinite,
      @JsonProperty("kernel_distance_e3") Double kernelDistance,
      @JsonProperty("kernel_deviation_e3") Double kernelDeviation,
      double density,
      double coverage) {
    static Samples of(Generation samples) {
      KernelDistance kernel = samples.kernel();
      return new Samples(
          rounded(samples.frechetInfinite()),
          kernel == null ? null : rounded(1e3 * kernel.value()),
          kernel == null ? null : rounded(1e3 * kernel.deviation()),
          rounded(samples.density()),
          rounded(samples.coverage()));
    }
  }

  /** Rounded as files and tables show it. @param seconds of the autoencoder's training */
  public static Result of(
      TrainedModel model, Evaluation evaluation, FeatureNetwork features, double seconds) {
    TrainedModel.Size size = model.size();
    Generation samples = evaluation.samples();
    return new Result(
        model.recipe().architecture().system(),
        size.tokens(),
        size.codes(),
        rounded(size.bits()),
        rounded(size.maskBits()),
        new Frechet(
            rounded(evaluation.winner().frechet()),
            rounded(evaluation.randomMask().frechet()),
            samples == null ? null : rounded(samples.frechet()),
            rounded(evaluation.real()),
            evaluation.winner().fidelity().images()),
        HeldOut.of(evaluation.heldOutWinner(), evaluation.heldOutRandomMask()),
        samples == null ? null : rounded(samples.precision()),
        samples == null ? null : rounded(samples.recall()),
        samples == null ? null : Samples.of(samples),
        rounded(evaluation.perplexity()),
        rounded(evaluation.codesUsed()),
        features.name(),
        Looks.name(model.recipe()),
        model.recipe().training().steps(),
        Parameters.count(model.autoencoder()),
        rounded(seconds));
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  /** {@code {"runs": [...]}}, indented. */
  public static String json(List<Result> runs) {
    try {
      return new ObjectMapper()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .writeValueAsString(Map.of("runs", runs))
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("results are always writable", e);
    }
  }

  /**
   * The table that people read: a column a system; with two systems, how much lower the second is.
   */
  public static String table(List<Result> runs) {
    StringBuilder text = new StringBuilder();
    row(text, "", runs, r -> r.system());
    row(text, "tokens an image", runs, r -> Integer.toString(r.tokens()));
    row(text, "codes a codebook", runs, r -> Integer.toString(r.codes()));
    row(
        text,
        "bits of tokens + winner's mask",
        runs,
        r -> number(r.bits()) + " + " + number(r.maskBits()));
    distance(text, "Frechet distance, winner's mask", runs, r -> r.frechet().winner());
    distance(text, "Frechet distance, random mask", runs, r -> r.frechet().randomMask());
    distance(text, "Frechet distance, samples from the prior", runs, r -> r.frechet().samples());
    row(text, "  of the held-out images themselves", runs, r -> number(r.frechet().real()));
    distance(text, "  held out, winner's mask", runs, r -> r.heldOut().frechetWinner());
    distance(text, "  held out, random mask", runs, r -> r.heldOut().frechetRandomMask());
    row(text, "precision of samples", runs, r -> number(r.precision()));
    row(text, "recall of samples", runs, r -> number(r.recall()));
    row(text, "PSNR held out, winner's mask (dB)", runs, r -> number(r.heldOut().psnrWinner()));
    row(text, "PSNR held out, random mask (dB)", runs, r -> number(r.heldOut().psnrRandomMask()));
    row(text, "codebook perplexity", runs, r -> number(r.perplexity()));
    row(text, "parameters", runs, r -> Long.toString(r.parameters()));
    row(text, "training steps", runs, r -> Long.toString(r.steps()));
    row(text, "seconds of training", runs, r -> Long.toString(Math.round(r.seconds())));
    text.append('\n');
    runs.stream()
        .filter(run -> run.look() != null)
        .forEach(
            run ->
                text.append(
                    String.format("%s was trained against a %s%n", run.system(), run.look())));
    text.append(
        String.format(
            "distances on features of a %s%nof %d images each (held out: %d); %s%n",
            runs.get(0).featureNetwork(),
            runs.get(0).frechet().images(),
            runs.get(0).heldOut().images(),
            runs.get(0).featureNetwork().startsWith("FID")
                ? "FID, comparable at equal counts"
                : "not FID, comparable within this table only"));
    return text.toString();
  }

  /** A row of distances; with two systems also how much lower the second is. */
  private static void distance(
      StringBuilder text, String name, List<Result> runs, Function<Result, Double> value) {
    row(text, name, runs, r -> number(value.apply(r)));
    Double first = value.apply(runs.get(0));
    if (runs.size() == 2 && first != null) {
      double lower = 100 * (1 - value.apply(runs.get(1)) / first);
      text.insert(
          text.length() - 1,
          String.format(
              Locale.ROOT, "   %.0f %% %s", Math.abs(lower), lower < 0 ? "higher" : "lower"));
    }
  }

  private static void row(
      StringBuilder text, String name, List<Result> runs, Function<Result, String> cell) {
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
