package io.mvq.data;

import java.util.List;
import java.util.Locale;

/** Images held in memory. */
public final class StoredImages implements ImageSource {
  private final Listing listing;
  private final byte[][] images;

  /**
   * @param images uint8, planar (channels, side, side) each; kept, not copied
   */
  public StoredImages(Listing listing, byte[][] images) {
    int bytes = listing.channels() * listing.side() * listing.side();
    if (listing.labels().length != images.length) {
      throw new IllegalArgumentException(
          "labels must be one an image, " + images.length + ", got " + listing.labels().length);
    }
    for (int i = 0; i < images.length; i++) {
      if (images[i].length != bytes) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "image %d must be %d bytes (%d x %d x %d), got %d",
                i,
                bytes,
                listing.channels(),
                listing.side(),
                listing.side(),
                images[i].length));
      }
    }
    this.listing = listing;
    this.images = images;
  }

  /**
   * @param images uint8, planar (channels, side, side) each; kept, not copied
   * @param labels one an image, an index into {@code classes} or -1
   */
  public StoredImages(int side, int channels, List<String> classes, byte[][] images, int[] labels) {
    this(new Listing(side, channels, classes, labels), images);
  }

  /** Images without labels. */
  public static StoredImages unlabelled(int side, int channels, byte[][] images) {
    return new StoredImages(Listing.unlabelled(side, channels, images.length), images);
  }

  @Override
  public Listing listing() {
    return listing;
  }

  @Override
  public void read(int index, byte[] into) {
    System.arraycopy(images[index], 0, into, 0, images[index].length);
  }
}
