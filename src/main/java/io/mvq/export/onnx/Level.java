package io.mvq.export.onnx;

/** What stands between an encoder and a decoder: a {@code Bottleneck}. */
interface Level {
  /**
   * What a row of latents becomes.
   *
   * @param tokens (n, t) int64
   * @param masks (n, winners, C) uint8; null without masks that win
   */
  record Encoded(String tokens, String masks) {}

  /** Tokens of an image. */
  int tokens();

  /** Latents (n, inputs) to tokens and winners' masks. */
  Encoded encode(String latents);

  /** Tokens (n, t) int64 and masks (n, winners, C) uint8 to vectors (n, outputs). */
  String lookup(String tokens, String masks);
}
