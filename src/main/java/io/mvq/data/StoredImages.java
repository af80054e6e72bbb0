package io.mvq.data;

import java.util.Arrays;
import java.util.List;

/** Images held in memory. */
public final class StoredImages implements ImageSource {
  private final int side;
  private final int channels;
  private final List<String> classes;
  private final byte[][] images;
  private final int[] labels;

  /**
   * @param images uint8, planar (channels, side, side) each; kept, not copied
   * @param labels one an image, an index into {@code classes} or -1
   */
  public StoredImages(int side, int channels, List<String> classes, byte[][] images, int[] labels) {
    ImageSource.requireFormat(side, channels);
    if (labels.length != images.length) {
      throw new IllegalArgumentException(
          "labels must be one an image, " + images.length + ", got " + labels.length);
    }
    for (int i = 0; i < images.length; i++) {
      if (images[i].length != channels * side * side) {
        throw new IllegalArgumentException(
            String.format(
                "image %d must be %d bytes (%d x %d x %d), got %d",
                i, channels * side * side, channels, side, side, images[i].length));
      }
      if (labels[i] < -1 || labels[i] >= classes.size()) {
        throw new IllegalArgumentException(
            String.format(
                "label of image %d must be -1 (none) or below %d classes, got %d",
                i, classes.size(), labels[i]));
      }
    }
    this.side = side;
    this.channels = channels;
    this.classes = List.copyOf(classes);
    this.images = images;
    this.labels = labels;
  }

  /** Images without labels. */
  public static StoredImages unlabelled(int side, int channels, byte[][] images) {
    int[] none = new int[images.length];
    Arrays.fill(none, -1);
    return new StoredImages(side, channels, List.of(), images, none);
  }

  @Override
  public int size() {
    return images.length;
  }

  @Override
  public int side() {
    return side;
  }

  @Override
  public int channels() {
    return channels;
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public void read(int index, byte[] into) {
    System.arraycopy(images[index], 0, into, 0, images[index].length);
  }
}
