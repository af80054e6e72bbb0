package io.mvq.setting;

import java.util.List;

/** Checks of settings, with errors that name the setting, its value and its limit. */
public final class Limits {
  private Limits() {}

  public static void atLeast(String field, long value, long least) {
    if (value < least) {
      throw bad(field, "must be at least " + least, value);
    }
  }

  public static void between(String field, double value, double least, double most) {
    if (!(value >= least && value <= most)) { // also refuses NaN
      throw bad(field, "must lie in [" + text(least) + ", " + text(most) + "]", text(value));
    }
  }

  /** For a fraction of which neither none nor all makes sense. */
  public static void insideUnit(String field, double value) {
    if (!(value > 0 && value < 1)) {
      throw bad(field, "must lie between 0 and 1, exclusive", text(value));
    }
  }

  /** For a decay or share that may be switched off by 0 but never reach 1. */
  public static void belowOne(String field, double value) {
    if (!(value >= 0 && value < 1)) {
      throw bad(field, "must be at least 0 and less than 1", text(value));
    }
  }

  public static void nonNegative(String field, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw bad(field, "must be at least 0 and finite", text(value));
    }
  }

  public static void positive(String field, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw bad(field, "must be greater than 0 and finite", text(value));
    }
  }

  public static <T> void oneOf(String field, T value, List<T> allowed) {
    if (value == null || !allowed.contains(value)) {
      throw bad(field, "must be one of " + allowed, value);
    }
  }

  public static void present(String field, Object value) {
    if (value == null || value.equals("")) {
      throw bad(field, "must be given", value == null ? "null" : "an empty text");
    }
  }

  /** An error that says what a setting must be and what it was. */
  public static IllegalArgumentException bad(String field, String rule, Object value) {
    return new IllegalArgumentException(field + " " + rule + ", got " + value);
  }

  /** Whole numbers without their ".0". */
  private static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
