package io.mvq.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.tensor.Parameters;
import io.mvq.tensor.RandomState;
import io.mvq.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class CodebookTest {
  private static final Codebook.Learning HALF = new Codebook.Learning(0.5, 0, false);

  private static Tensor rows(float... values) {
    return Tensors.of(values, values.length / 2, 2);
  }

  private static Codebook ready(Codebook.Learning learning, float... codes) {
    Codebook codebook = new Codebook(codes.length / 2, 2, learning);
    codebook.initialize(rows(codes));
    return codebook;
  }

  @Test
  void kMeansFindsSeparateClusters() {
    RandomState.seed(1);
    float[] values = new float[800];
    for (int i = 0; i < 400; i++) {
      values[2 * i] = 10 * (i % 4);
      values[2 * i + 1] = (i % 7) * 0.01f;
    }
    Codebook codebook = new Codebook(4, 2, Codebook.Learning.DEFAULT);
    codebook.initialize(Tensors.of(values, 400, 2));
    long[] index = Tensors.longs(codebook.assign(rows(0, 0, 10, 0, 20, 0, 30, 0)));
    assertThat(index).doesNotHaveDuplicates();
  }

  @Test
  void initialisingFromFewerRowsThanCodesGivesDistinctCodes() {
    Codebook codebook = new Codebook(8, 2, Codebook.Learning.DEFAULT);
    codebook.initialize(rows(0, 0, 1, 1, 5, 5));
    Tensor codes = codebook.codes();
    Tensor gaps = torch.cdist(codes, codes).add(torch.eye(8));
    assertThat(gaps.min().item_float()).isGreaterThan(0);
  }

  @Test
  void oneStepMovesACodeByTheMovingAverages() {
    Codebook codebook = ready(HALF, 0, 0, 10, 10);
    long first = Tensors.longs(codebook.assign(rows(0, 0)))[0];
    Tensor batch = rows(1, 1, 3, 1);
    codebook.learn(batch, codebook.assign(batch));
    // Counts 0.5 * 1 + 0.5 * 2, sums 0.5 * (0, 0) + 0.5 * (4, 2).
    float[] code = Tensors.floats(codebook.codes().select(0, first));
    assertThat(code[0]).isCloseTo(2 / 1.5f, within(1e-6f));
    assertThat(code[1]).isCloseTo(1 / 1.5f, within(1e-6f));
  }

  @Test
  void anUnusedCodeStaysWhereItIsForThousandsOfSteps() {
    Codebook codebook = ready(HALF, 0, 0, 10, 10);
    Tensor batch = rows(0, 0);
    Tensor index = codebook.assign(batch);
    for (int i = 0; i < 3000; i++) {
      codebook.learn(batch, index);
    }
    assertThat(Tensors.floats(codebook.codes())).doesNotContain(Float.NaN);
  }

  @Test
  void aDeadCodeRestartsAndStaysAlive() {
    Codebook codebook = ready(new Codebook.Learning(0.99, 3, false), 0, 0, 1000, 1000);
    Tensor batch = rows(1, 0, 2, 0, -1, 0);
    for (int i = 0; i < 4; i++) {
      codebook.learn(batch, codebook.assign(batch));
    }
    // Near the rows now, and the averages agree: the next steps do not pull it back to 1000.
    assertThat(codebook.codes().abs().max().item_float()).isLessThan(3);
    codebook.learn(batch, codebook.assign(batch));
    assertThat(codebook.codes().abs().max().item_float()).isLessThan(3);
    assertThat(Tensors.longs(codebook.assign(rows(1, 0, 2, 0, -1, 0)))).contains(0, 1);
  }

  @Test
  void cosineCodesHaveUnitLengthAndIgnoreTheRowsLength() {
    Codebook codebook = ready(new Codebook.Learning(0.9, 0, true), 5, 0, 0, 0.1f);
    Tensor batch = rows(100, 1, 0.001f, 0.1f);
    Tensor index = codebook.assign(batch);
    assertThat(Tensors.longs(index)).isEqualTo(Tensors.longs(codebook.assign(rows(1, 0, 0, 1))));
    codebook.learn(batch, index);
    for (float length : Tensors.floats(codebook.codes().square().sum(1))) {
      assertThat(length).isCloseTo(1, within(1e-5f));
    }
  }

  @Test
  void everythingItLearnedIsInItsBuffers() {
    assertThat(Parameters.buffers(new Codebook(3, 2, HALF)).keySet())
        .containsExactly("codes", "ema_counts", "ema_sums", "unused_steps", "ready");
  }

  @Test
  void badArgumentsAreNamedWithTheirValue() {
    assertThatThrownBy(() -> new Codebook(0, 2, HALF))
        .hasMessage("codes must be at least 1, got 0");
    assertThatThrownBy(() -> new Codebook.Learning(1, 0, false))
        .hasMessage("decay must be between 0 and 1, got 1.0");
    assertThatThrownBy(() -> new Codebook(2, 2, HALF).assign(rows(1, 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no codes yet");
    assertThatThrownBy(() -> ready(HALF, 1, 1).assign(Tensors.zeros(2, 3)))
        .hasMessage("rows must have shape (any, 2), got (2, 3)");
    assertThatThrownBy(() -> ready(HALF, 1, 1).assign(Tensors.of(new long[2], 1, 2)))
        .hasMessage("rows must be of type Float, got Long");
  }

  @Test
  void usageIsMeasuredByEntropy() {
    assertThat(CodebookUsage.of(new long[] {0, 0, 1, 1, -1}, 4))
        .isEqualTo(new CodebookUsage(4, 0.5, 2.0));
    assertThat(CodebookUsage.of(new long[] {5, 0, 0}).perplexity()).isEqualTo(1);
    assertThat(CodebookUsage.of(new long[3])).isEqualTo(new CodebookUsage(0, 0, 0));
  }
}
