package io.mvq.serve;

/**
 * How much a request may ask for, and how many at once.
 *
 * @param fileBytes of a picture's file that is sent
 * @param jsonBytes of JSON that is sent
 * @param allBytes of all bodies that are held at once
 * @param pictures that one answer may hold
 * @param atOnce requests that are computed at once
 * @param waiting requests that may wait for that; one more is answered 503
 */
record Limits(int fileBytes, int jsonBytes, int allBytes, int pictures, int atOnce, int waiting) {
  private static final int ANSWER_PIXELS = 1 << 22;

  /** For pictures of a side, pixels, on so many processors. */
  static Limits of(int side, int atOnce) {
    int pictures = Math.max(16, Math.min(512, ANSWER_PIXELS / (side * side)));
    return new Limits(32 << 20, 8 << 20, 128 << 20, pictures, atOnce, 64);
  }
}
