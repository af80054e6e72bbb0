package io.mvq.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Mask bank and free mask against brute force over every mask, on integers, where float32 is exact.
 */
class MaskedSearchTest {
  private static final int D = 6;
  private final Random random = new Random(3);
  private final float[][] rows = Oracle.integers(random, 41, D);
  private final float[][] codes = Oracle.integers(random, 19, D);

  private record Best(int code, int mask, double distance) {}

  private static double masked(float[] row, float[] code, BitSet mask) {
    float[] kept = new float[D];
    for (int i = 0; i < D; i++) {
      kept[i] = mask.get(i) ? code[i] : 0;
    }
    return Oracle.distance(row, kept, x -> true);
  }

  /** Lowest distance, then lowest code, then lowest mask. */
  private Best best(float[] row, List<BitSet> masks) {
    Best best = new Best(-1, -1, Double.POSITIVE_INFINITY);
    for (int k = 0; k < codes.length; k++) {
      for (int m = 0; m < masks.size(); m++) {
        double distance = masked(row, codes[k], masks.get(m));
        best = distance < best.distance() ? new Best(k, m, distance) : best;
      }
    }
    return best;
  }

  private static List<BitSet> masks(int kept) {
    List<BitSet> masks = new ArrayList<>();
    for (long bits = 0; bits < 1 << D; bits++) {
      if (kept < 0 || Long.bitCount(bits) == kept) {
        masks.add(BitSet.valueOf(new long[] {bits}));
      }
    }
    return masks;
  }

  @Test
  void aBankIsSearchedJointlyWithTheCodes() {
    List<BitSet> bank = List.of(bits(63), bits(5), bits(0), bits(5), bits(48));
    NearestInBank.Found found =
        NearestInBank.search(
            FloatMatrix.of(rows), FloatMatrix.of(codes), MaskBits.of(bank, D), Where.CPU);
    for (int i = 0; i < rows.length; i++) {
      Best best = best(rows[i], bank);
      assertThat(found.assignment().indices()[i]).isEqualTo(best.code());
      assertThat(found.maskIndices()[i]).isEqualTo(best.mask());
      assertThat((double) found.assignment().distances()[i]).isEqualTo(best.distance());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 3, 6})
  void aFreeMaskSearchEqualsTheSearchOfEveryMask(int kept) {
    NearestFreeMask.Found found =
        NearestFreeMask.search(FloatMatrix.of(rows), FloatMatrix.of(codes), kept, Where.CPU);
    for (int i = 0; i < rows.length; i++) {
      Best best = best(rows[i], masks(kept));
      assertThat(found.assignment().indices()[i]).isEqualTo(best.code());
      assertThat((double) found.assignment().distances()[i]).isEqualTo(best.distance());
      BitSet mask = found.masks().get(i);
      assertThat(masked(rows[i], codes[best.code()], mask)).isEqualTo(best.distance());
      if (kept >= 0) {
        assertThat(mask.cardinality()).isEqualTo(kept);
      }
    }
  }

  @Test
  void badArgumentsAreNamedWithTheirValue() {
    FloatMatrix row = FloatMatrix.of(rows);
    FloatMatrix book = FloatMatrix.of(codes);
    assertThatThrownBy(() -> NearestFreeMask.search(row, book, 7, Where.CPU))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("kept")
        .hasMessageContaining("7");
    assertThatThrownBy(() -> NearestInBank.search(row, book, MaskBits.allocate(2, 5), Where.CPU))
        .hasMessage("mask bank must have 6 bits, got 5");
    assertThatThrownBy(() -> NearestInBank.search(row, book, MaskBits.allocate(0, 6), Where.CPU))
        .hasMessageContaining("m must be at least 1, got 0");
  }

  private static BitSet bits(long bits) {
    return BitSet.valueOf(new long[] {bits});
  }
}
