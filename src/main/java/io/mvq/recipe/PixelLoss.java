package io.mvq.recipe;

/** How far pixels are apart. */
public enum PixelLoss {
  /** Mean absolute error. */
  L1,
  /** Mean square error. */
  L2
}
