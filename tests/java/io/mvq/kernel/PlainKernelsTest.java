package io.mvq.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms in plain Java hold the native kernels' bits. */
class PlainKernelsTest {
  private static final float[] UGLY = {
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    1e20f,
    -0f,
    0f
  };

  private static MaskBits masks(Random random, int count, int bits) {
    return MaskBits.of(
        IntStream.range(0, count)
            .mapToObj(i -> BitSet.valueOf(random.longs(bits / 64 + 1).toArray()))
            .toList(),
        bits);
  }

  private static void agree(
      FloatMatrix rows, FloatMatrix codes, MaskBits allowed, MaskBits rowMask) {
    Assignment wanted = NearestCode.search(rows, codes, allowed, rowMask, Where.CPU);
    Assignment plain = Assignment.allocate(rows.rows());
    PlainNearestCode.search(rows, codes, allowed, rowMask, plain.index(), plain.distance());
    assertThat(plain.indices()).isEqualTo(wanted.indices());
    assertThat(bits(plain)).isEqualTo(bits(wanted));
  }

  private static int[] bits(Assignment assignment) {
    float[] distances = assignment.distances();
    return IntStream.range(0, distances.length)
        .map(i -> Float.floatToRawIntBits(distances[i]))
        .toArray();
  }

  @ParameterizedTest
  @CsvSource({"1,1,1", "7,9,8", "33,257,15", "65,100,64", "20,513,7", "17,31,257", "0,3,2"})
  void nearestCodeIsTheSameWithEveryKindOfMask(int n, int k, int d) {
    Random random = new Random(n * 31L + k);
    FloatMatrix rows = n == 0 ? FloatMatrix.of(new float[0], d) : gaussians(random, n, d);
    FloatMatrix codes = gaussians(random, k, d);
    List<MaskBits> forAll = List.of(masks(random, 1, k), masks(random, 1, d));
    List<MaskBits> eachRow = List.of(masks(random, n, k), masks(random, n, d));
    agree(rows, codes, null, null);
    agree(rows, codes, forAll.get(0), forAll.get(1));
    if (n > 0) {
      agree(rows, codes, eachRow.get(0), null);
      agree(rows, codes, null, eachRow.get(1));
      agree(rows, codes, eachRow.get(0), eachRow.get(1));
    }
  }

  private static FloatMatrix gaussians(Random random, int rows, int width) {
    return FloatMatrix.of(Oracle.gaussians(random, rows, width));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void nearestCodeIsTheSameOnNanInfinityOverflowAndTies(int seed) {
    Random random = new Random(seed);
    float[][] rows = Oracle.integers(random, 40, 5);
    float[][] codes = Oracle.integers(random, 30, 5);
    for (float[][] matrix : List.of(rows, codes)) {
      for (int i = 0; i < 40; i++) {
        matrix[random.nextInt(matrix.length)][random.nextInt(5)] =
            UGLY[random.nextInt(UGLY.length)];
      }
    }
    agree(FloatMatrix.of(rows), FloatMatrix.of(codes), null, masks(random, 40, 5));
    agree(FloatMatrix.of(rows), FloatMatrix.of(codes), masks(random, 40, 30), null);
    agree(FloatMatrix.of(rows), FloatMatrix.of(codes), null, null);
  }

  @Test
  void stridesAndPositionsAreFollowed() {
    FloatPointer padded = new FloatPointer(99, 1, 1, 99, 0, 1, 99);
    padded.position(1);
    FloatMatrix rows = new FloatMatrix(padded, 2, 2, 3);
    FloatMatrix codes = FloatMatrix.of(new float[] {0, 0, 1, 0, 0, 1, 1, 1}, 2);
    Assignment found = Assignment.allocate(2);
    PlainNearestCode.search(rows, codes, null, null, found.index(), null);
    assertThat(found.indices()).containsExactly(3, 2);
    agree(rows, codes, null, null);
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,1,0.5",
    "3,5,64,0.3",
    "2,7,65,0.7",
    "4,3,130,0.00002",
    "2,9,200,0.99999",
    "2,2,63,0",
    "2,2,128,1",
    "1,1,127,0.000007"
  })
  void dropoutMasksAreTheSame(long n, long h, long c, double keep) {
    for (long seed : new long[] {0, 42, -1, Long.MIN_VALUE}) {
      Dropout dropout = new Dropout(seed, seed == 42 ? Long.MAX_VALUE - 1 : 7L << 31, keep);
      MaskBits wanted = DropoutMasks.draw(n, h, c, dropout, Where.CPU);
      MaskBits plain = MaskBits.allocate(n * h, c);
      PlainDropoutMasks.draw(n, h, dropout, plain);
      for (long i = 0; i < n * h; i++) {
        assertThat(plain.get(i)).isEqualTo(wanted.get(i));
      }
    }
  }

  @Test
  void badArgumentsGetTheNativeText() {
    FloatMatrix row = FloatMatrix.of(new float[] {0, 0}, 2);
    FloatMatrix none = FloatMatrix.of(new float[0], 2);
    Assignment into = Assignment.allocate(1);
    assertThatThrownBy(() -> PlainNearestCode.search(row, none, null, null, into.index(), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("k must be at least 1, got 0");
    assertThatThrownBy(
            () -> PlainDropoutMasks.draw(1, 0, new Dropout(0, 0, 1), MaskBits.allocate(0, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("h must be at least 1, got 0");
  }
}
