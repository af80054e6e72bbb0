package io.mvq.reproduce;

import io.mvq.train.Recipe;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One system trained, sampled and measured once.
 *
 * @param tokens an image: 2 (1 base and 1 secondary) or more (all but 1 base)
 * @param codes K, of each codebook
 * @param seed of weights, data order, masks and samples
 */
record Trial(String dataset, Contestant contestant, int tokens, int codes, long seed) {
  Trial {
    if (tokens < 2) {
      throw new IllegalArgumentException("tokens must be at least 2, got " + tokens);
    }
  }

  /** A file's name that tells it from all others. */
  String id() {
    String name = contestant.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return String.format("%s.%s.t%d.k%d.s%d", dataset, name, tokens, codes, seed);
  }

  /** The recipe under a protocol. */
  Recipe recipe(Protocol protocol) {
    Map<String, Object> fields = new LinkedHashMap<>(contestant.fields());
    boolean levels = "hierarchy".equals(fields.get("model.architecture"));
    fields.put("model.baseTokens", levels ? tokens - 2 : tokens - 1);
    fields.put("model.secondaryTokens", 1);
    fields.put("model.bottomTokens", 1);
    fields.put("model.codes", codes);
    fields.put("training.seed", seed);
    fields.put("prior.training.seed", seed);
    return protocol.recipe(dataset).with(fields);
  }
}
