package io.mvq.kernel;

import org.bytedeco.javacpp.LongPointer;

/**
 * {@link DropoutMasks} in plain Java, for systems without a native library: Philox4x32-10 (Salmon
 * et al., SC 2011) as {@code rules.hpp} draws from it, and so the same bits, on one thread.
 */
final class PlainDropoutMasks {
  private static final long LOW = 0xFFFFFFFFL;
  private static final int KEEP_ALL = 65536;
  private static final int PLANES = 16; // binary places of a keep probability
  private static final long MOST_HYPOTHESES = LOW;
  private static final long MOST_BITS = 1L << 28;

  private PlainDropoutMasks() {}

  /** Fills n * h masks, as the native kernel does. */
  static void draw(long n, long h, Dropout dropout, MaskBits into) {
    Checks.between("h", h, 1, MOST_HYPOTHESES);
    Checks.between("c", into.bits(), 1, MOST_BITS);
    int keep = (int) (dropout.keep() * KEEP_ALL + 0.5);
    int words = (int) MaskBits.words(into.bits());
    long[] mask = new long[words];
    long end = into.bits() % 64 == 0 ? -1L : (1L << into.bits()) - 1;
    try (Operands operands = new Operands()) {
      LongPointer masks = operands.of(into, "masks");
      for (long i = 0; i < n; i++) {
        for (long j = 0; j < h; j++) {
          for (int word = 0; word < words; word++) {
            mask[word] = word(dropout.seed(), dropout.firstRow() + i, (int) j, word, keep);
          }
          mask[words - 1] &= end;
          masks.getPointer((i * h + j) * words).put(mask);
        }
      }
    }
  }

  /** Bit for bit by the binary places of keep, the last that is 1 first: drawn OR or AND. */
  private static long word(long seed, long row, int hypothesis, int word, int keep) {
    if (keep == 0) {
      return 0;
    }
    if (keep >= KEEP_ALL) {
      return -1;
    }
    long bits = 0;
    int[] x = new int[4];
    for (int plane = PLANES - 1 - Integer.numberOfTrailingZeros(keep); plane >= 0; plane--) {
      x[0] = PLANES * (word / 2) + plane;
      x[1] = hypothesis;
      x[2] = (int) row;
      x[3] = (int) (row >>> 32);
      philox(x, seed);
      int half = word % 2 * 2;
      long drawn = (x[half] & LOW) | (long) x[half + 1] << 32;
      bits = (keep >>> (PLANES - 1 - plane) & 1) != 0 ? drawn | bits : drawn & bits;
    }
    return bits;
  }

  private static void philox(int[] x, long key) {
    int k0 = (int) key;
    int k1 = (int) (key >>> 32);
    for (int round = 0; round < 10; round++, k0 += 0x9E3779B9, k1 += 0xBB67AE85) {
      long p0 = 0xD2511F53L * (x[0] & LOW);
      long p1 = 0xCD9E8D57L * (x[2] & LOW);
      x[0] = (int) (p1 >>> 32) ^ x[1] ^ k0;
      x[2] = (int) (p0 >>> 32) ^ x[3] ^ k1;
      x[1] = (int) p1;
      x[3] = (int) p0;
    }
  }
}
