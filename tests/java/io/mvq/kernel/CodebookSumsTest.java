package io.mvq.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.bytedeco.javacpp.LongPointer;
import org.junit.jupiter.api.Test;

class CodebookSumsTest {
  @Test
  void rowsAreCountedAndSummedByCodeAndLeftOutAtMinusOne() {
    FloatMatrix rows = FloatMatrix.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2);
    CodebookSums.Sums sums = CodebookSums.sum(rows, new LongPointer(2, 0, -1, 2), 3, Where.CPU);
    assertThat(Assignment.longs(sums.counts(), "counts")).containsExactly(1, 0, 2);
    float[] values = new float[6];
    sums.sums().get(values);
    assertThat(values).containsExactly(3, 4, 0, 0, 8, 10);
  }

  @Test
  void threadsDoNotChangeABit() {
    Random random = new Random(8);
    FloatMatrix rows = FloatMatrix.of(Oracle.gaussians(random, 3001, 17));
    LongPointer index = new LongPointer(random.longs(3001, -1, 60).toArray());
    float[] one = new float[60 * 17];
    float[] three = new float[60 * 17];
    CodebookSums.sum(rows, index, 60, Where.cpu(1)).sums().get(one);
    CodebookSums.sum(rows, index, 60, Where.cpu(3)).sums().get(three);
    assertThat(three).isEqualTo(one);
  }

  @Test
  void aCodeThatDoesNotExistIsNamed() {
    FloatMatrix rows = FloatMatrix.of(new float[] {1, 2}, 1);
    assertThatThrownBy(() -> CodebookSums.sum(rows, new LongPointer(0, 9), 3, Where.CPU))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("9");
    assertThatThrownBy(() -> CodebookSums.sum(rows, new LongPointer(1L), 3, Where.CPU))
        .hasMessageContaining("index must hold at least 2");
    assertThatThrownBy(() -> CodebookSums.sum(rows, new LongPointer(0, 0), 0, Where.CPU))
        .hasMessage("codes must be at least 1, got 0");
  }
}
