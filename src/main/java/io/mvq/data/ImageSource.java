package io.mvq.data;

import java.io.IOException;
import java.util.List;

/**
 * A fixed list of square images of one size, 8 bits a channel. Implementations may be read by
 * several threads at once.
 */
public interface ImageSource {
  /** What the images are; the same object each time. */
  Listing listing();

  /**
   * Writes one image as uint8, planar (channels, side, side), into the start of {@code into}.
   *
   * @throws IOException naming the image, if it cannot be read
   */
  void read(int index, byte[] into) throws IOException;

  /** Bytes that an image takes where it is kept; 0 where that is the same for all. */
  default long fileBytes(int index) {
    return 0;
  }

  /** Images that were found damaged when the source was opened, and are not in it. */
  default List<Damage> leftOut() {
    return List.of();
  }

  /** How many images. */
  default int size() {
    return listing().labels().length;
  }

  /** Height and width in pixels. */
  default int side() {
    return listing().side();
  }

  /** 1 (grey) or 3 (red, green, blue). */
  default int channels() {
    return listing().channels();
  }

  /** Class names; empty when the images have no labels. */
  default List<String> classes() {
    return listing().classes();
  }

  /** The class of an image, an index into {@link #classes()}, or -1 when it has none. */
  default int label(int index) {
    return listing().labels()[index];
  }

  /** The name of an image, e.g. its path below a folder; its index when it has none. */
  default String name(int index) {
    List<String> names = listing().names();
    return names.isEmpty() ? Integer.toString(index) : names.get(index);
  }

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
