package io.mvq.prior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.tensor.Tensors;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class SamplingTest {
  /** Probabilities .5, .3, .15, .05, not in order. */
  private static final float[] LOGITS = {log(.15), log(.5), log(.05), log(.3)};

  private static float log(double p) {
    return (float) Math.log(p);
  }

  private static long[] draw(Sampling sampling, float[] logits, int n, long seed) {
    Tensor rows = Tensors.of(logits, 1, logits.length).expand(n, logits.length);
    GeneratorOptional generator = new GeneratorOptional(torch.make_generator_cpu(seed));
    return Tensors.longs(sampling.draw(rows, generator));
  }

  private static Set<Long> drawn(Sampling sampling) {
    Set<Long> seen = new TreeSet<>();
    Arrays.stream(draw(sampling, LOGITS, 2000, 1)).forEach(seen::add);
    return seen;
  }

  @Test
  void plainSamplingFollowsTheProbabilities() {
    long[] tokens = draw(Sampling.PLAIN, LOGITS, 20_000, 3);
    double[] expected = {.15, .5, .05, .3};
    for (int code = 0; code < 4; code++) {
      long wanted = code;
      double share = Arrays.stream(tokens).filter(token -> token == wanted).count() / 20_000.0;
      assertThat(share).isBetween(expected[code] - .015, expected[code] + .015);
    }
  }

  @Test
  void topKKeepsTheKLikeliest() {
    assertThat(drawn(new Sampling(1, 2, 1))).containsExactly(1L, 3L);
    assertThat(drawn(new Sampling(1, 9, 1))).containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  void topOneAndZeroTemperatureAreGreedyAndTiesGoToTheLowest() {
    assertThat(drawn(new Sampling(1, 1, 1))).containsExactly(1L);
    assertThat(drawn(Sampling.GREEDY)).containsExactly(1L);
    assertThat(draw(Sampling.GREEDY, new float[] {1, 2, 2, 2}, 1, 1)).containsExactly(1);
    assertThat(draw(new Sampling(1, 1, 1), new float[] {1, 2, 2, 2}, 1, 1)).containsExactly(1);
  }

  @Test
  void topPKeepsTheSmallestSetThatReachesP() {
    assertThat(drawn(new Sampling(1, 0, .49))).containsExactly(1L);
    assertThat(drawn(new Sampling(1, 0, .51))).containsExactly(1L, 3L);
    assertThat(drawn(new Sampling(1, 0, .81))).containsExactly(0L, 1L, 3L);
    assertThat(drawn(new Sampling(1, 0, 1e-9))).containsExactly(1L);
  }

  @Test
  void topPCountsWithinTheTopK() {
    // Of the two likeliest, .5 and .3, the first alone has 62 %.
    assertThat(drawn(new Sampling(1, 2, .6))).containsExactly(1L);
    assertThat(drawn(new Sampling(1, 2, .65))).containsExactly(1L, 3L);
  }

  @Test
  void aTinyTemperatureApproachesGreedyWithoutNaN() {
    assertThat(drawn(new Sampling(1e-30, 0, 1))).containsExactly(1L);
    assertThat(drawn(new Sampling(1e-30, 0, .9))).containsExactly(1L);
  }

  @Test
  void logitsOfMinusInfinityAreNeverDrawn() {
    float[] logits = {Float.NEGATIVE_INFINITY, 0, Float.NEGATIVE_INFINITY};
    assertThat(draw(Sampling.PLAIN, logits, 50, 1)).containsOnly(1);
    assertThat(draw(new Sampling(.5, 2, .9), logits, 50, 1)).containsOnly(1);
  }

  @Test
  void equalSeedsDrawEqualTokensWhateverTheGlobalGenerator() {
    long[] first = draw(Sampling.PLAIN, LOGITS, 64, 11);
    torch.rand(5);
    assertThat(draw(Sampling.PLAIN, LOGITS, 64, 11)).isEqualTo(first);
    assertThat(draw(Sampling.PLAIN, LOGITS, 64, 12)).isNotEqualTo(first);
  }

  @Test
  void keptProbabilitiesOfTheTopKAreNormalised() {
    Tensor sorted = Tensors.of(new float[] {.5f, .25f, .25f}, 1, 3);
    Tensor kept = new Sampling(1, 2, 1).kept(sorted);
    assertThat(Tensors.floats(kept.mul(new Scalar(3.0)))).containsExactly(2, 1, 0);
  }

  @Test
  void impossibleSettingsAreNamed() {
    assertThatThrownBy(() -> new Sampling(-1, 0, 1))
        .hasMessage("temperature must be at least 0 and finite, got -1.0");
    assertThatThrownBy(() -> new Sampling(Double.NaN, 0, 1)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new Sampling(1, -1, 1))
        .hasMessage("topK must be at least 0 (0 keeps all), got -1");
    assertThatThrownBy(() -> new Sampling(1, 0, 0))
        .hasMessage("topP must be greater than 0 and at most 1 (1 keeps all), got 0.0");
  }
}
