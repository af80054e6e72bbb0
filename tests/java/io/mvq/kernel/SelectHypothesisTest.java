package io.mvq.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Winners against brute force in double precision; on integers with ReLU they must agree exactly.
 */
class SelectHypothesisTest {
  private static final Dropout DROPOUT = new Dropout(11, 3, 0.5);
  private final Random random = new Random(2);

  private float[] hypothesis(
      float[] latent, BitSet mask, int c, float[][][] weights, float[][] bias) {
    float[] x = latent.clone();
    for (int i = 0; i < x.length; i++) {
      x[i] = mask.get(i % c) ? x[i] : 0;
    }
    for (int l = 0; l < weights.length; l++) {
      float[] y = new float[weights[l].length];
      for (int o = 0; o < y.length; o++) {
        double sum = bias[l][o];
        for (int i = 0; i < x.length; i++) {
          sum += (double) weights[l][o][i] * x[i];
        }
        y[o] = (float) (l + 1 < weights.length ? Math.max(sum, 0) : sum);
      }
      x = y;
    }
    return x;
  }

  @ParameterizedTest
  @CsvSource({
    "3,8,8,4,64,1,false",
    "5,20,10,6,300,2,false",
    "2,70,70,8,4096,2,false",
    "4,12,6,8,100,3,true",
    "1,5,5,4,1,4,false"
  })
  void theWinnerEqualsBruteForce(
      int n, int inputs, int c, int outputs, int h, int layers, boolean perToken) {
    int token = perToken ? outputs / 2 : outputs;
    float[][] latents = Oracle.integers(random, n, inputs);
    float[][] base = Oracle.integers(random, n, outputs);
    float[][] target = Oracle.integers(random, n, outputs);
    float[][][] weights = new float[layers][][];
    float[][] bias = Oracle.integers(random, layers, Math.max(outputs, 5));
    List<Head.Layer> head = new ArrayList<>();
    for (int l = 0; l < layers; l++) {
      weights[l] = Oracle.integers(random, l + 1 < layers ? 5 : outputs, l == 0 ? inputs : 5);
      head.add(new Head.Layer(FloatMatrix.of(weights[l]), new FloatPointer(bias[l])));
    }
    SelectHypothesis.Question question =
        new SelectHypothesis.Question(
            FloatMatrix.of(latents),
            c,
            new Head(head, Head.Activation.RELU, 0),
            FloatMatrix.of(base),
            FloatMatrix.of(target),
            token,
            perToken);
    SelectHypothesis.Winners winners = SelectHypothesis.select(question, h, DROPOUT, Where.CPU);
    MaskBits masks = DropoutMasks.draw(n, h, c, DROPOUT, Where.CPU);
    int groups = outputs / token;
    for (int i = 0; i < n; i++) {
      for (int g = 0; g < groups; g++) {
        double best = Double.POSITIVE_INFINITY;
        int winner = -1;
        for (int j = 0; j < h; j++) {
          float[] y = hypothesis(latents[i], masks.get((long) i * h + j), c, weights, bias);
          double loss = 0;
          for (int o = g * token; o < (g + 1) * token; o++) {
            double difference = base[i][o] + (double) y[o] - target[i][o];
            loss += difference * difference;
          }
          if (loss < best) {
            best = loss;
            winner = j;
          }
        }
        assertThat(winners.indices()[i * groups + g]).isEqualTo(winner);
        assertThat(winners.losses()[i * groups + g]).isEqualTo((float) (best / token));
        assertThat(winners.masks().get((long) i * groups + g))
            .isEqualTo(masks.get((long) i * h + winner));
      }
    }
  }

  private SelectHypothesis.Question identity(float[] latent, float[] target) {
    int d = latent.length;
    float[] eye = new float[d * d];
    for (int i = 0; i < d; i++) {
      eye[i * d + i] = 1;
    }
    Head head =
        new Head(List.of(new Head.Layer(FloatMatrix.of(eye, d), null)), Head.Activation.GELU, 0);
    return new SelectHypothesis.Question(
        FloatMatrix.of(latent, d),
        d,
        head,
        FloatMatrix.of(new float[d], d),
        FloatMatrix.of(target, d),
        d,
        false);
  }

  @Test
  void theBestComeFirstAndTiesByHypothesis() {
    MaskBits masks =
        MaskBits.of(
            new boolean[] {false, false},
            new boolean[] {true, true},
            new boolean[] {true, false},
            new boolean[] {true, true});
    SelectHypothesis.Winners winners =
        SelectHypothesis.select(
            identity(new float[] {3, 4}, new float[] {3, 4}), masks, 4, Where.CPU);
    assertThat(winners.indices()).containsExactly(1, 3, 2, 0);
    assertThat(winners.losses()).containsExactly(0, 0, 8, 12.5f);
    assertThat(winners.masks().get(2)).isEqualTo(BitSet.valueOf(new long[] {1}));
  }

  @Test
  void aRowOfNanHasNoWinner() {
    SelectHypothesis.Winners winners =
        SelectHypothesis.select(
            identity(new float[] {3, 4}, new float[] {Float.NaN, 4}), 10, DROPOUT, Where.CPU);
    assertThat(winners.indices()).containsExactly(-1);
    assertThat(winners.losses()).containsExactly(Float.POSITIVE_INFINITY);
    assertThat(winners.masks().get(0).isEmpty()).isTrue();
  }

  @Test
  void badArgumentsAreNamedWithTheirValue() {
    SelectHypothesis.Question question = identity(new float[] {3, 4}, new float[] {3, 4});
    assertThatThrownBy(() -> SelectHypothesis.select(question, 0, DROPOUT, Where.CPU))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SelectHypothesis.select(question, 4, 5, DROPOUT, Where.CPU))
        .hasMessage("top must be in 1..4 (h), got 5");
    assertThatThrownBy(
            () -> SelectHypothesis.select(question, MaskBits.allocate(3, 5), 1, Where.CPU))
        .hasMessageContaining("of 2 bits, got 3 of 5");
    assertThatThrownBy(() -> new Head(List.of(), Head.Activation.RELU, 0))
        .hasMessage("a head must have 1..4 layers, got 0");
  }
}
