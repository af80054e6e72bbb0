package io.mvq.reproduce;

import io.mvq.recipe.Recipe;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What all systems share at a scale.
 *
 * @param scale its name
 * @param datasets names as {@code io.mvq.data.set} knows them; the first also serves where one is
 *     enough, the first two where every seed is run
 * @param seeds of the main comparison; the first serves where one is enough
 * @param codes K of the published forms, hierarchies, variants and other quantizers
 * @param sweep K of the codebook sweep, the main comparison's first
 * @param images that every distance is made of
 * @param classifierSteps training steps of the second feature network, a classifier of the data
 *     set; 0 for none
 * @param sides height and width of each data set's images
 * @param flags of the command line, without dashes, that differ from the defaults
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
    Map<String, Object> flags) {
  /** Token counts of the paper's headline claims. */
  static final List<Integer> TOKENS = List.of(2, 5);

  private static final String EMOJI = "emoji";
  private static final String VENDORS = "emoji-vendors";
  private static final String FASHION = "fashion-mnist";
  private static final String PHOTOS = "photos";
  private static final List<String> GREY = List.of(FASHION, "clothes");

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
              flags(12, 16, 8, 16, 20, 10));
      case "small" ->
          new Protocol(
              scale,
              List.of(FASHION, VENDORS, PHOTOS),
              List.of(1L, 2L, 3L),
              16,
              List.of(4, 16, 64),
              2000,
              1500,
              Map.of(FASHION, 32, VENDORS, 32, PHOTOS, 32),
              flags(4000, 32, 256, 32, 1500, 800));
      case "full" ->
          new Protocol(
              scale,
              List.of(VENDORS, PHOTOS, FASHION),
              List.of(1L, 2L, 3L),
              16,
              List.of(4, 8, 16, 32, 64, 128, 256, 512),
              10_000,
              5000,
              Map.of(VENDORS, 64, PHOTOS, 64, FASHION, 32),
              flags(100_000, 128, 1024, 64, 20_000, 4000));
      default ->
          throw new IllegalArgumentException("--scale must be smoke, small or full, got " + scale);
    };
  }

  private static Map<String, Object> flags(
      long steps, int batch, int hypotheses, int width, long priorSteps, int lookSteps) {
    Map<String, Object> flags = new LinkedHashMap<>();
    flags.put("steps", steps);
    flags.put("batch", batch);
    flags.put("warmup", Math.min(200, steps / 10));
    flags.put("hypotheses", hypotheses);
    flags.put("mask-width", 64);
    flags.put("width", width);
    flags.put("look-steps", lookSteps);
    flags.put("prior-width", 64);
    flags.put("prior-layers", 2);
    flags.put("prior-steps", priorSteps);
    flags.put("prior-batch", 128);
    flags.put("prior-warmup", Math.min(50, priorSteps / 10));
    return flags;
  }

  /** K of the main comparison and of its controls. */
  int smallest() {
    return sweep.get(0);
  }

  /** C, bits of MVQ's mask for each base token. */
  int maskWidth() {
    return ((Number) flags.get("mask-width")).intValue();
  }

  /** Training steps of every autoencoder. */
  long steps() {
    return ((Number) flags.get("steps")).longValue();
  }

  /**
   * The recipe of a system on a data set. @param more flags; those of other systems are left out
   */
  Recipe recipe(String dataset, Map<String, Object> more) {
    Map<String, Object> all = new LinkedHashMap<>(flags);
    all.put("data", dataset);
    boolean grey = GREY.contains(dataset);
    all.put("side", sides.getOrDefault(dataset, grey ? 32 : 64));
    all.put("channels", grey ? 1 : 3);
    all.putAll(more);
    return Recipe.ofApplicable(all);
  }

  /** The same with autoencoders trained in bfloat16. */
  public Protocol bf16() {
    Map<String, Object> all = new LinkedHashMap<>(flags);
    all.put("precision", "bf16");
    return new Protocol(scale, datasets, seeds, codes, sweep, images, classifierSteps, sides, all);
  }

  /** The same on other data sets. */
  public Protocol on(List<String> others) {
    return new Protocol(scale, others, seeds, codes, sweep, images, classifierSteps, sides, flags);
  }
}
