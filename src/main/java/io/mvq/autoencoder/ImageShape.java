package io.mvq.autoencoder;

/**
 * Square images.
 *
 * @param channels 3 for RGB, 1 for grey
 * @param side pixels, a power of two from 16 on
 */
public record ImageShape(int channels, int side) {
  public ImageShape {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException("channels must be 1 or 3, got " + channels);
    }
    if (side < 16 || Integer.bitCount(side) != 1) {
      throw new IllegalArgumentException("side must be a power of two from 16 on, got " + side);
    }
  }
}
