package io.mvq.recipe;

import java.util.LinkedHashMap;
import java.util.Map;

/** Recipes from before diffusion priors predicted velocities. */
final class FormatFour {
  static final int FORMAT = 4;

  private FormatFour() {}

  /** A file's flags with what it left to the defaults of its time. */
  static Map<String, String> completed(Map<String, String> flags) {
    Map<String, String> all = new LinkedHashMap<>(flags);
    if (Continuous.NAME.equals(flags.get("architecture"))) {
      all.putIfAbsent("prior-predicts", "noise");
    }
    return all;
  }
}
