package io.mvq.data;

import java.io.IOException;
import java.util.List;

/**
 * A fixed list of square images of one size, 8 bits a channel. Implementations may be read by
 * several threads at once.
 */
public interface ImageSource {
  /** How many images. */
  int size();

  /** Height and width in pixels. */
  int side();

  /** 1 (grey) or 3 (red, green, blue). */
  int channels();

  /** Class names; empty when the images have no labels. */
  List<String> classes();

  /** The class of an image, an index into {@link #classes()}, or -1 when it has none. */
  int label(int index);

  /** Writes one image as uint8, planar (channels, side, side), into the start of {@code into}. */
  void read(int index, byte[] into) throws IOException;

  /** Bytes of one image: channels * side * side. */
  default int imageBytes() {
    return channels() * side() * side();
  }

  /** Throws unless an image of this side and these channels can be made. */
  static void requireFormat(int side, int channels) {
    if (side < 1 || side > 4096) {
      throw new IllegalArgumentException("side must be 1 to 4096 pixels, got " + side);
    }
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "channels must be 1 (grey) or 3 (red, green, blue), got " + channels);
    }
  }
}
