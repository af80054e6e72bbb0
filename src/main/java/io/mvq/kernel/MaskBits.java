package io.mvq.kernel;

import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.LongPointer;

/**
 * A view of masks as bits in native memory, 1 = kept: allowed codes, row masks, a mask bank,
 * dropout masks.
 *
 * @param words mask words, dense: bit i of a mask is bit {@code i % 64} of its word {@code i / 64},
 *     as in {@link BitSet}
 * @param count number of masks, at least 0
 * @param bits bits a mask, at least 1
 */
public record MaskBits(LongPointer words, long count, long bits) {
  public MaskBits {
    if (count < 0) {
      throw new IllegalArgumentException("count must be at least 0, got " + count);
    }
    if (bits < 1) {
      throw new IllegalArgumentException("bits must be at least 1, got " + bits);
    }
    Native.requireCapacity(words, Math.multiplyExact(count, words(bits)), "mask words");
  }

  /** Words in a mask of so many bits. */
  public static long words(long bits) {
    return (bits + 63) / 64;
  }

  /** Room for {@code count} masks, uninitialised. */
  public static MaskBits allocate(long count, long bits) {
    Backend.load();
    return new MaskBits(new LongPointer(Math.multiplyExact(count, words(bits))), count, bits);
  }

  /** A copy of {@code masks}; bits from {@code bits} on are dropped. */
  public static MaskBits of(List<BitSet> masks, int bits) {
    MaskBits copy = allocate(masks.size(), bits);
    long[] words = new long[Math.toIntExact(copy.words.capacity())];
    for (int i = 0; i < masks.size(); i++) {
      long[] mask = masks.get(i).get(0, bits).toLongArray();
      System.arraycopy(mask, 0, words, (int) (i * words(bits)), mask.length);
    }
    copy.words.put(words);
    return copy;
  }

  /** A copy of {@code masks}, each as long as the first; true = kept. */
  public static MaskBits of(boolean[]... masks) {
    if (masks.length == 0) {
      throw new IllegalArgumentException("masks must hold at least one mask, got 0");
    }
    List<BitSet> sets =
        IntStream.range(0, masks.length)
            .mapToObj(i -> bitSet(masks[i], i, masks[0].length))
            .toList();
    return of(sets, masks[0].length);
  }

  /** Mask {@code index} as a BitSet. */
  public BitSet get(long index) {
    if (index < 0 || index >= count) {
      throw new IndexOutOfBoundsException(
          "mask index must be in 0.." + (count - 1) + ", got " + index);
    }
    long[] mask = new long[Math.toIntExact(words(bits))];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = words.get(index * mask.length + i);
    }
    return BitSet.valueOf(mask);
  }

  private static BitSet bitSet(boolean[] mask, int index, int bits) {
    if (mask.length != bits) {
      throw new IllegalArgumentException(
          "mask " + index + " must have " + bits + " bits like mask 0, got " + mask.length);
    }
    BitSet set = new BitSet(bits);
    for (int i = 0; i < bits; i++) {
      set.set(i, mask[i]);
    }
    return set;
  }
}
