package io.mvq.autoencoder;

/**
 * Square images.
 *
 * @param channels 3 for RGB, 1 for grey
 * @param side pixels, a multiple of 16 from 16 on
 */
public record ImageShape(int channels, int side) {
  public ImageShape {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException("channels must be 1 or 3, got " + channels);
    }
    if (side < 16 || side % 16 != 0) {
      throw new IllegalArgumentException("side must be a multiple of 16 from 16 on, got " + side);
    }
  }
}
