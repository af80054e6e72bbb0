package io.mvq.reproduce;

import io.mvq.recipe.Recipe;
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
    Map<String, Object> flags = new LinkedHashMap<>(contestant.flags());
    boolean levels = "hierarchy".equals(flags.get("architecture"));
    flags.put("base-tokens", levels ? tokens - 2 : tokens - 1);
    flags.put("secondary-tokens", 1);
    flags.put("bottom-tokens", 1);
    flags.put("latents", tokens);
    flags.put("codes", codes);
    if (flags.containsKey("noise")) { // as many values as MVQ's masks have bits
      flags.put("noise-width", (tokens - 1) * protocol.maskWidth());
    }
    flags.put("seed", seed);
    flags.put("prior-seed", seed);
    return protocol.recipe(dataset, flags);
  }
}
