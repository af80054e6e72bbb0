package io.mvq.reproduce;

import io.mvq.train.Recipe;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What all systems share at a scale.
 *
 * @param scale its name
 * @param datasets names as {@code io.mvq.data.set} knows them; the first also serves where one is
 *     enough
 * @param seeds of the main comparison; the first serves everywhere else
 * @param codes K of the main comparison
 * @param sweep K of the codebook sweep
 * @param images that every distance is made of
 * @param classifierSteps training steps of the second feature network, a classifier of the data
 *     set; 0 for none
 * @param sides height and width of each data set's images
 * @param fields recipe fields that differ from the defaults
 */
public record Protocol(
    String scale,
    List<String> datasets,
    List<Long> seeds,
    int codes,
    List<Integer> sweep,
    int images,
    int classifierSteps,
    Map<String, Integer> sides,
    Map<String, Object> fields) {
  /** Token counts of the paper's headline claims. */
  static final List<Integer> TOKENS = List.of(2, 5);

  private static final String EMOJI = "emoji";
  private static final String VENDORS = "emoji-vendors";
  private static final String FASHION = "fashion-mnist";
  private static final String PHOTOS = "photos";

  /** By name; images and data sets may be narrowed afterwards. */
  public static Protocol of(String scale) {
    return switch (scale) {
      case "smoke" ->
          new Protocol(
              scale,
              List.of(EMOJI),
              List.of(1L),
              16,
              List.of(16, 64),
              200,
              20,
              Map.of(EMOJI, 32),
              fields(12, 16, 8, 16, 20));
      case "small" ->
          new Protocol(
              scale,
              List.of(FASHION, VENDORS),
              List.of(1L, 2L, 3L),
              16,
              List.of(16, 32, 64, 128, 256, 512),
              2000,
              1500,
              Map.of(FASHION, 32, VENDORS, 64),
              fields(2000, 64, 256, 16, 1500));
      case "full" ->
          new Protocol(
              scale,
              List.of(VENDORS, PHOTOS, FASHION),
              List.of(1L, 2L, 3L),
              16,
              List.of(16, 32, 64, 128, 256, 512),
              10_000,
              5000,
              Map.of(VENDORS, 64, PHOTOS, 64, FASHION, 32),
              fields(100_000, 128, 1024, 64, 20_000));
      default ->
          throw new IllegalArgumentException("--scale must be smoke, small or full, got " + scale);
    };
  }

  private static Map<String, Object> fields(
      long steps, int batch, int hypotheses, int width, long priorSteps) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("training.steps", steps);
    fields.put("training.batch", batch);
    fields.put("training.warmup", Math.min(200, steps / 10));
    fields.put("model.hypotheses", hypotheses);
    fields.put("model.maskWidth", 64);
    fields.put("model.width", width);
    fields.put("prior.width", 64);
    fields.put("prior.layers", 2);
    fields.put("prior.training.steps", priorSteps);
    fields.put("prior.training.batch", 128);
    fields.put("prior.training.warmup", Math.min(50, priorSteps / 10));
    return fields;
  }

  /** The recipe that every system starts from. */
  Recipe recipe(String dataset) {
    Map<String, Object> all = new LinkedHashMap<>(fields);
    all.put("data.images", dataset);
    all.put("data.side", sides.getOrDefault(dataset, 64));
    all.put("data.channels", dataset.equals(FASHION) ? 1 : 3);
    return Recipe.defaults().with(all);
  }

  /** The same on other data sets. */
  public Protocol on(List<String> others) {
    return new Protocol(scale, others, seeds, codes, sweep, images, classifierSteps, sides, fields);
  }
}
