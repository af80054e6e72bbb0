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
    Checks.capacity(words, elements(count, bits), "mask words");
    Operands.own(words);
  }

  /** All their words. */
  long elements() {
    return elements(count, bits);
  }

  private static long elements(long count, long bits) {
    Checks.atLeast("count", count, 0);
    return Checks.product(count, words(bits), "count * words");
  }

  /** Words in a mask of so many bits, at least 1. */
  public static long words(long bits) {
    Checks.atLeast("bits", bits, 1);
    return (bits - 1) / 64 + 1;
  }

  /** Room for {@code count} masks, uninitialised. */
  public static MaskBits allocate(long count, long bits) {
    return new MaskBits(Memory.longs(elements(count, bits), "mask words"), count, bits);
  }

  /** A copy of {@code masks}; bits from {@code bits} on are dropped. */
  public static MaskBits of(List<BitSet> masks, int bits) {
    Checks.allGiven(masks, "masks");
    long elements = elements(masks.size(), bits);
    long[] words = Memory.array(long[]::new, elements, "mask words");
    MaskBits copy = allocate(masks.size(), bits);
    for (int i = 0; i < masks.size(); i++) {
      long[] mask = masks.get(i).get(0, bits).toLongArray();
      System.arraycopy(mask, 0, words, (int) (i * words(bits)), mask.length);
    }
    copy.words.put(words);
    return copy;
  }

  /** A copy of {@code masks}, each as long as the first; true = kept. */
  public static MaskBits of(boolean[]... masks) {
    if (Checks.given(masks, "masks").length == 0) {
      throw new IllegalArgumentException("masks must hold at least one mask, got 0");
    }
    int bits = Checks.given(masks[0], "mask 0").length;
    List<BitSet> sets =
        IntStream.range(0, masks.length).mapToObj(i -> bitSet(masks[i], i, bits)).toList();
    return of(sets, bits);
  }

  /** Mask {@code index} as a BitSet. */
  public BitSet get(long index) {
    if (index < 0 || index >= count) {
      throw new IllegalArgumentException(
          "mask index must be in 0.." + (count - 1) + ", got " + index);
    }
    long[] mask = Memory.array(long[]::new, words(bits), "mask words");
    try (Operands operands = new Operands()) {
      LongPointer live = operands.of(this, "mask words");
      for (int i = 0; i < mask.length; i++) {
        mask[i] = live.get(index * mask.length + i);
      }
    }
    return BitSet.valueOf(mask);
  }

  private static BitSet bitSet(boolean[] mask, int index, int bits) {
    if (Checks.given(mask, "mask " + index).length != bits) {
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
