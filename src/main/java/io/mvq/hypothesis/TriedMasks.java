package io.mvq.hypothesis;

import io.mvq.kernel.Dropout;
import io.mvq.kernel.MaskBits;
import io.mvq.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/** Which masks are tried or drawn: those of a list, or those of a counter-based stream. */
final class TriedMasks {
  private final MaskSet set;
  private final long width;
  private final long hypotheses;
  private final double keep;
  private final long seed;

  /**
   * Of a search.
   *
   * @throws IllegalArgumentException if there are no such masks, or fewer than are annealed
   */
  TriedMasks(MultipleHypothesesDropout.Settings settings, SearchOptions options) {
    set = options.masks();
    width = settings.maskWidth();
    hypotheses = settings.hypotheses();
    keep = 1 - settings.dropout();
    seed = settings.seed();
    set.check(width);
    long most = set.listed() ? set.tried(width) : hypotheses;
    if (options.top() > most) {
      throw new IllegalArgumentException(
          "top must be in 1.." + most + " (masks tried), got " + options.top());
    }
  }

  /** The words of the listed masks that training tries for n instances; null for drawn ones. */
  Tensor inTraining(long n) {
    return set.listed() ? set.words(n, width, false) : null;
  }

  /**
   * The words of the masks that encoding tries, the same for each of n instances: all listed ones,
   * or what the stream's first row draws, (n, H, words).
   */
  Tensor inEncoding(long n) {
    if (set.listed()) {
      return set.words(n, width, true);
    }
    MaskBits drawn = set.draws(1, hypotheses, width, stream(0));
    long perMask = MaskBits.words(width);
    long[] words = new long[Math.toIntExact(drawn.count() * perMask)];
    drawn.words().get(words);
    return Tensors.of(words, 1, hypotheses, perMask).expand(n, hypotheses, perMask).contiguous();
  }

  /** How many masks encoding tries. */
  double number() {
    return set.listed() ? set.size(width) : hypotheses;
  }

  /** What a search draws its masks from, if they are not listed. @param row of the stream */
  Dropout stream(long row) {
    return new Dropout(seed, row, keep);
  }

  /** Masks from a stream of their own. @param places to draw one for */
  MaskBits random(long places, long seed) {
    return set.random(places, width, keep, seed);
  }

  /** Masks, place by place. @param row of the stream that the first place has */
  MaskBits draws(long places, int each, long seed, long row) {
    return set.draws(places, each, width, new Dropout(seed, row, keep));
  }
}
