package io.mvq.serve;

/**
 * How much a request may ask for, and how many at once.
 *
 * @param fileBytes of a picture's file that is sent
 * @param jsonBytes of JSON that is sent
 * @param allBytes of all bodies that are held at once
 * @param atOnce requests that are computed at once
 * @param waiting requests that may wait for that; one more is answered 503
 */
record Limits(int fileBytes, int jsonBytes, int allBytes, int atOnce, int waiting) {
  private static final int ANSWER_PIXELS = 1 << 22;

  /** On so many processors. */
  static Limits of(int atOnce) {
    return new Limits(32 << 20, 8 << 20, 128 << 20, atOnce, 64);
  }

  /** Pictures of a side, pixels, that one answer may hold. */
  static int pictures(int side) {
    return Math.max(16, Math.min(512, ANSWER_PIXELS / (side * side)));
  }
}
