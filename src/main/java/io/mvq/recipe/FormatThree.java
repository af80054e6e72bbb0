package io.mvq.recipe;

import java.util.LinkedHashMap;
import java.util.Map;

/** Recipes from before draws were trained unless one asked otherwise. */
final class FormatThree {
  static final int FORMAT = 3;

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "draw-weight", "0.0",
          "draw-share", "0.5",
          "look", "none",
          "look-rate", "0.0",
          "look-lesson", "0.0",
          "winner-look", "0.0");

  private FormatThree() {}

  /** A file's flags with what it left to the defaults of its time. */
  static Map<String, String> completed(Map<String, String> flags) {
    Map<String, String> all = new LinkedHashMap<>(DEFAULTS);
    all.putAll(flags);
    return all;
  }
}
