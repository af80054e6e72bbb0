package io.mvq.data.format;

import io.mvq.data.ImageSource;
import io.mvq.data.Listing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Raw uint8 images, planar (3, stored side, stored side), read where they lie in files: mapped, so
 * that a set larger than memory can be used, and converted when read.
 */
public final class MappedImages implements ImageSource {
  /** Consecutive images of a file, from a byte on. */
  public record Part(Path file, long offset, int count) {}

  /** A map can be of 2 GiB at most. */
  private static final int MOST_BYTES = 1 << 30;

  private final int storedSide;
  private final Listing listing;
  private final List<ByteBuffer> maps = new ArrayList<>();
  private final List<Integer> firsts = new ArrayList<>();

  /**
   * @param listing of all parts together; its side and channels are what {@link #read} gives
   */
  public MappedImages(List<Part> parts, int storedSide, Listing listing) throws IOException {
    this.storedSide = storedSide;
    this.listing = listing;
    int most = MOST_BYTES / storedBytes();
    int images = 0;
    for (Part part : parts) {
      try (FileChannel channel = FileChannel.open(part.file())) {
        long end = part.offset() + (long) part.count() * storedBytes();
        if (channel.size() < end) {
          throw new IOException(
              String.format(
                  Locale.ROOT,
                  "%s: truncated: %,d images need %,d bytes, got %,d",
                  part.file(),
                  part.count(),
                  end,
                  channel.size()));
        }
        for (int from = 0; from < part.count(); from += most) {
          long bytes = (long) Math.min(most, part.count() - from) * storedBytes();
          long offset = part.offset() + (long) from * storedBytes();
          maps.add(channel.map(MapMode.READ_ONLY, offset, bytes));
          firsts.add(images + from);
        }
        images += part.count();
      }
    }
    if (size() != images) {
      throw new IOException(
          String.format(Locale.ROOT, "labels must be one an image, %,d, got %,d", images, size()));
    }
  }

  @Override
  public Listing listing() {
    return listing;
  }

  @Override
  public void read(int index, byte[] into) {
    Objects.checkIndex(index, size());
    int map = maps.size() - 1;
    while (firsts.get(map) > index) {
      map--;
    }
    int at = (index - firsts.get(map)) * storedBytes();
    if (storedSide == side() && channels() == 3) {
      maps.get(map).get(at, into, 0, storedBytes());
      return;
    }
    byte[] stored = new byte[storedBytes()];
    maps.get(map).get(at, stored);
    Raster image =
        new Raster(3, storedSide, storedSide, stored).withChannels(channels()).fitted(side());
    System.arraycopy(image.pixels(), 0, into, 0, image.pixels().length);
  }

  private int storedBytes() {
    return 3 * storedSide * storedSide;
  }
}
