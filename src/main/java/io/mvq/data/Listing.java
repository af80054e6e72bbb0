package io.mvq.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a source's images are, without their pixels.
 *
 * @param side height and width in pixels, 1 to 4096
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param classes names; empty when the images have no labels
 * @param labels one an image, an index into {@code classes} or -1 for none; kept, not copied
 * @param names one an image, e.g. a path below a folder; empty when they have none
 */
public record Listing(
    int side, int channels, List<String> classes, int[] labels, List<String> names) {

  public Listing {
    ImageSource.requireFormat(side, channels);
    classes = List.copyOf(classes);
    names = List.copyOf(names);
    if (!names.isEmpty() && names.size() != labels.length) {
      throw new IllegalArgumentException(
          "names must be none or one an image, " + labels.length + ", got " + names.size());
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < -1 || labels[i] >= classes.size()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "label of image %d must be -1 (none) or below %d classes, got %d",
                i,
                classes.size(),
                labels[i]));
      }
    }
  }

  /** Images without names. */
  public Listing(int side, int channels, List<String> classes, int[] labels) {
    this(side, channels, classes, labels, List.of());
  }

  /** So many images without labels and names. */
  public static Listing unlabelled(int side, int channels, int count) {
    int[] none = new int[count];
    Arrays.fill(none, -1);
    return new Listing(side, channels, List.of(), none);
  }

  /** Of some of the images, in the order given. */
  Listing of(int... kept) {
    return new Listing(
        side,
        channels,
        classes,
        Arrays.stream(kept).map(i -> labels[i]).toArray(),
        names.isEmpty() ? names : Arrays.stream(kept).mapToObj(names::get).toList());
  }
}
