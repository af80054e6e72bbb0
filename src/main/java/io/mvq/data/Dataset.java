package io.mvq.data;

import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * Images to train on and images held out.
 *
 * @param name short, for titles and logs, e.g. {@code emoji}
 */
public record Dataset(String name, ImageSource train, ImageSource test) {

  /** One image in this many is held out where a set has no split of its own. */
  static final int HELD_OUT = 10;

  /**
   * Splits by a hash of a key per image, so the split depends on neither order nor count, and
   * images with equal keys stay together.
   */
  public static Dataset split(String name, ImageSource whole, IntFunction<String> key) {
    return new Dataset(
        name,
        new Subset(whole, all(whole).filter(i -> !isHeldOut(key.apply(i))).toArray()),
        new Subset(whole, all(whole).filter(i -> isHeldOut(key.apply(i))).toArray()));
  }

  /**
   * SHA-256 in hexadecimal of the images' names, their sizes as files, their classes and their
   * number: it changes when images are added, removed, renamed, moved to another class or side, or
   * re-encoded. Side and channels do not matter, nor where a folder lies.
   */
  public String digest() {
    return SetDigest.of(train, test);
  }

  /**
   * At most so many images of each side, for quick runs: evenly spaced, as a set's order is often
   * by class.
   */
  public Dataset thinned(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("most must be at least 1 image, got " + most);
    }
    return new Dataset(name, thinned(train, most), thinned(test, most));
  }

  /** At most so many of these images, evenly spaced. */
  public static ImageSource thinned(ImageSource source, int most) {
    long size = source.size();
    return size <= most
        ? source
        : new Subset(source, IntStream.range(0, most).map(i -> (int) (i * size / most)).toArray());
  }

  public static boolean isHeldOut(String key) {
    CRC32 hash = new CRC32();
    hash.update(key.getBytes(StandardCharsets.UTF_8));
    return hash.getValue() % HELD_OUT == 0;
  }

  private static IntStream all(ImageSource source) {
    return IntStream.range(0, source.size());
  }
}
