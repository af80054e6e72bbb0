package io.mvq.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestCodeTest {
  private static final FloatMatrix SQUARE = FloatMatrix.of(new float[] {0, 0, 1, 0, 0, 1, 1, 1}, 2);

  @Test
  void aHandWorkedTableHolds() {
    Assignment found =
        NearestCode.search(FloatMatrix.of(new float[] {.9f, .2f, .4f, .8f}, 2), SQUARE);
    assertThat(found.indices()).containsExactly(1, 2);
    assertThat(found.distances()[0]).isCloseTo(.05f, within(1e-6f));
  }

  @Test
  void lowestIndexWinsATie() {
    FloatMatrix codes = FloatMatrix.of(new float[] {9, 9, 1, 1, 1, 1, -1, -1}, 2);
    assertThat(NearestCode.search(FloatMatrix.of(new float[] {0, 0}, 2), codes).indices())
        .containsExactly(1);
  }

  @ParameterizedTest
  @CsvSource({"1,1,1", "7,9,8", "33,257,15", "65,100,64", "130,513,7", "17,31,257"})
  void everyIndexAndDistanceEqualsTheOracleOnIntegers(int n, int k, int d) {
    Random random = new Random(n * 31L + k);
    float[][] rows = Oracle.integers(random, n, d);
    float[][] codes = Oracle.integers(random, k, d);
    Assignment found = NearestCode.search(FloatMatrix.of(rows), FloatMatrix.of(codes));
    long[] index = found.indices();
    float[] distance = found.distances();
    for (int i = 0; i < n; i++) {
      int best = 0;
      for (int j = 1; j < k; j++) {
        if (Oracle.distance(rows[i], codes[j], x -> true)
            < Oracle.distance(rows[i], codes[best], x -> true)) {
          best = j;
        }
      }
      assertThat(index[i]).isEqualTo(best);
      assertThat((double) distance[i]).isEqualTo(Oracle.distance(rows[i], codes[best], x -> true));
    }
  }

  @Test
  void onlyAllowedCodesAndKeptDimensionsCount() {
    FloatMatrix row = FloatMatrix.of(new float[] {.9f, .9f}, 2);
    MaskBits allowed = MaskBits.of(new boolean[] {true, false, true, false});
    assertThat(NearestCode.search(row, SQUARE, allowed, null, Where.CPU).indices())
        .containsExactly(2);
    MaskBits first = MaskBits.of(new boolean[] {true, false});
    assertThat(NearestCode.search(row, SQUARE, null, first, Where.CPU).indices())
        .containsExactly(1);
  }

  @Test
  void masksMayDifferFromRowToRow() {
    FloatMatrix rows = FloatMatrix.of(new float[] {0, 0, 0, 0, 0, 0}, 2);
    MaskBits allowed =
        MaskBits.of(
            List.of(BitSet.valueOf(new long[] {8}), new BitSet(), BitSet.valueOf(new long[] {6})),
            4);
    Assignment found = NearestCode.search(rows, SQUARE, allowed, null, Where.cpu(2));
    assertThat(found.indices()).containsExactly(3, -1, 1);
    assertThat(found.distances()).containsExactly(2, Float.POSITIVE_INFINITY, 1);
  }

  @Test
  void nanNeverWinsAndARowOfNanHasNoCode() {
    FloatMatrix codes = FloatMatrix.of(new float[] {Float.NaN, 0, 5, 5}, 2);
    FloatMatrix rows = FloatMatrix.of(new float[] {0, 0, Float.NaN, 0}, 2);
    Assignment found = NearestCode.search(rows, codes);
    assertThat(found.indices()).containsExactly(1, -1);
    assertThat(found.distances()[1]).isEqualTo(Float.POSITIVE_INFINITY);
  }

  @Test
  void noRowsGiveNoResult() {
    assertThat(NearestCode.search(FloatMatrix.of(new float[0], 2), SQUARE).indices()).isEmpty();
  }

  @Test
  void aDirectBufferIsReadInPlaceFromItsPosition() {
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder()).asFloatBuffer();
    buffer.put(new float[] {7, 7, 1, 1}).position(2);
    assertThat(NearestCode.search(FloatMatrix.of(buffer, 2), SQUARE).indices()).containsExactly(3);
  }

  @Test
  void stridesSkipWhatLiesBetweenRows() {
    FloatPointer padded = new FloatPointer(1, 1, 99, 0, 1, 99);
    assertThat(NearestCode.search(new FloatMatrix(padded, 2, 2, 3), SQUARE).indices())
        .containsExactly(3, 2);
  }

  @Test
  void badArgumentsAreNamedWithTheirValue() {
    FloatMatrix row = FloatMatrix.of(new float[] {0, 0}, 2);
    assertThatThrownBy(() -> FloatMatrix.of(new float[3], 2))
        .hasMessage("the number of floats must be a multiple of width (2), got 3");
    assertThatThrownBy(() -> FloatMatrix.of(new float[2], 0))
        .hasMessage("width must be at least 1, got 0");
    assertThatThrownBy(() -> FloatMatrix.of(FloatBuffer.allocate(2), 2))
        .hasMessage("buffer must be direct, got a heap buffer; pass its array instead");
    assertThatThrownBy(() -> NearestCode.search(row, FloatMatrix.of(new float[3], 3)))
        .hasMessage("codes must be as wide as rows (2), got 3");
    assertThatThrownBy(() -> NearestCode.search(row, FloatMatrix.of(new float[0], 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("k must be at least 1, got 0");
    assertThatThrownBy(
            () -> NearestCode.search(row, SQUARE, MaskBits.of(new boolean[3]), null, Where.CPU))
        .hasMessage("allowed codes must have 4 bits, got 3");
    assertThatThrownBy(
            () -> NearestCode.search(row, SQUARE, MaskBits.allocate(3, 4), null, Where.CPU))
        .hasMessage("allowed codes must be one mask or one for each of the 1 rows, got 3");
    assertThatThrownBy(
            () -> NearestCode.search(row, SQUARE, null, null, Where.CPU, new LongPointer(0), null))
        .hasMessage("index must hold at least 1 elements, got 0");
    assertThatThrownBy(() -> Where.cpu(-1)).hasMessage("threads must be at least 0, got -1");
  }

  @Test
  void threadsMayCallAtOnceAndAgree() throws Exception {
    Random random = new Random(5);
    FloatMatrix rows = FloatMatrix.of(Oracle.gaussians(random, 500, 33));
    FloatMatrix codes = FloatMatrix.of(Oracle.gaussians(random, 129, 33));
    long[] expected = NearestCode.search(rows, codes, null, null, Where.cpu(1)).indices();
    var pool = Executors.newFixedThreadPool(4);
    try {
      var calls =
          pool.invokeAll(Collections.nCopies(32, () -> NearestCode.search(rows, codes).indices()));
      for (var call : calls) {
        assertThat(call.get()).isEqualTo(expected);
      }
    } finally {
      pool.shutdown();
    }
  }
}
