package io.mvq.data;

import java.io.IOException;
import java.util.List;

/** Some images of another source, in the order given. */
final class Subset implements ImageSource {
  private final ImageSource whole;
  private final int[] kept;

  Subset(ImageSource whole, int... kept) {
    this.whole = whole;
    this.kept = kept;
  }

  @Override
  public int size() {
    return kept.length;
  }

  @Override
  public int side() {
    return whole.side();
  }

  @Override
  public int channels() {
    return whole.channels();
  }

  @Override
  public List<String> classes() {
    return whole.classes();
  }

  @Override
  public int label(int index) {
    return whole.label(kept[index]);
  }

  @Override
  public void read(int index, byte[] into) throws IOException {
    whole.read(kept[index], into);
  }
}
