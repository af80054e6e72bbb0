package io.mvq.data;

import java.io.IOException;
import java.util.List;

/** Some images of another source, in the order given. */
final class Subset implements ImageSource {
  private final ImageSource whole;
  private final int[] kept;
  private final Listing listing;

  Subset(ImageSource whole, int... kept) {
    this.whole = whole;
    this.kept = kept;
    listing = whole.listing().of(kept);
  }

  @Override
  public Listing listing() {
    return listing;
  }

  @Override
  public void read(int index, byte[] into) throws IOException {
    whole.read(kept[index], into);
  }

  @Override
  public long fileBytes(int index) {
    return whole.fileBytes(kept[index]);
  }

  @Override
  public List<Damage> leftOut() {
    return whole.leftOut();
  }
}
