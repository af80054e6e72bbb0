package io.mvq.data.set;

import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.data.Listing;
import io.mvq.data.StoredImages;
import io.mvq.data.format.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The emoji set of this repository: 3,786 images of Noto Emoji on white, 64 x 64, labelled by
 * subcategory (see data/README.md).
 *
 * <p>A glyph and its skin tones are near copies of one another, and some glyphs share one picture
 * (the flags of Norway and Svalbard). The split keeps such groups together: about one in ten is
 * held out.
 *
 * @param images all of them, in the order of {@code names}
 * @param names code points in hexadecimal joined by dashes, e.g. {@code 1f44d-1f3fd}
 * @param groups the base glyph that each is split by
 */
public record Emoji(ImageSource images, List<String> names, List<String> groups) {

  /**
   * Loads all, at 64 x 64 RGB, from {@code data/emoji.xz} below -Dmvq.home or the working folder,
   * or from io.mvq:mvq-data on the class path.
   */
  public static Emoji load() throws IOException {
    return load(64, 3);
  }

  /** Loads all, scaled to this side and these channels. */
  public static Emoji load(int side, int channels) throws IOException {
    ImageSource.requireFormat(side, channels);
    Path file = Embedded.file("emoji.xz");
    EmojiPack pack = EmojiPack.read(file);
    List<String> classes = pack.subcategories().stream().distinct().sorted().toList();
    byte[][] images = new byte[pack.images().length][];
    int[] labels = new int[images.length];
    for (int i = 0; i < images.length; i++) {
      images[i] =
          Raster.ofInterleaved(pack.images()[i], 0, 3, pack.side(), pack.side())
              .withChannels(channels)
              .fitted(side)
              .pixels();
      labels[i] = classes.indexOf(pack.subcategories().get(i));
    }
    return new Emoji(
        new StoredImages(new Listing(side, channels, classes, labels, pack.names()), images),
        pack.names(),
        groups(pack));
  }

  /** What is not held out. */
  public ImageSource train() {
    return split().train();
  }

  /** What is held out. */
  public ImageSource test() {
    return split().test();
  }

  /** Both, split by group. */
  public Dataset split() {
    return Dataset.split("emoji", images, groups::get);
  }

  /** The name of a glyph without skin tones, the same for all variants of one glyph. */
  public static String base(String name) {
    // Some glyphs carry the variation selector fe0f only where they carry no skin tone.
    return name.replaceAll("-(1f3f[b-f]|fe0f)(?=-|$)", "");
  }

  private static List<String> groups(EmojiPack pack) {
    Map<ByteBuffer, String> seen = new HashMap<>();
    Map<String, String> group = new HashMap<>();
    for (int i = 0; i < pack.images().length; i++) {
      String base = base(pack.names().get(i));
      String first = seen.putIfAbsent(ByteBuffer.wrap(pack.images()[i]), base);
      group.putIfAbsent(base, first == null ? base : group.get(first));
    }
    return pack.names().stream().map(name -> group.get(base(name))).toList();
  }
}
