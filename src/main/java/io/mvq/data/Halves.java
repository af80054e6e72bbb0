package io.mvq.data;

import java.util.stream.IntStream;

/**
 * A set's images in two halves, one of each two neighbours, as a set's order is often by class: so
 * that what is trained against and what measures never saw the same images.
 *
 * @param measuring what a measuring network learns from
 * @param looking what a network learns from that is trained against
 */
public record Halves(ImageSource measuring, ImageSource looking) {
  /** The same halves each time. */
  public static Halves of(ImageSource whole) {
    return new Halves(half(whole, 0), half(whole, 1));
  }

  private static ImageSource half(ImageSource whole, int which) {
    return new Subset(
        whole, IntStream.range(0, whole.size()).filter(i -> half(i) == which).toArray());
  }

  /** One of each pair goes to either half, by a hash: sets may alternate between classes. */
  private static int half(int image) {
    long mixed = (image / 2 + 1) * 0x9E3779B97F4A7C15L;
    return (int) ((mixed >>> 63) ^ (image & 1));
  }
}
