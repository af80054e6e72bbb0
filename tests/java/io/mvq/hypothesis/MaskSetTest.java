package io.mvq.hypothesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.hypothesis.MaskSet.Kind;
import io.mvq.kernel.MaskBits;
import io.mvq.tensor.Tensors;
import io.mvq.tensor.Views;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MaskSetTest {
  private static final int MASK_WIDTH = 5;

  private Tensor latents;
  private Tensor base;
  private Tensor target;

  @BeforeEach
  void seed() {
    torch.manual_seed(5);
    latents = torch.randn(7, 2, MASK_WIDTH);
    base = torch.randn(7, 3, 4);
    target = torch.randn(7, 3, 4);
  }

  private static MultipleHypothesesDropout dropout(MaskSet masks, boolean perToken) {
    torch.manual_seed(6);
    return new MultipleHypothesesDropout(
        new MultipleHypothesesDropout.Settings(
            2, MASK_WIDTH, 3, 4, 8, 0.5, perToken, List.of(9), 1),
        new SearchOptions(masks, false, 1, 0));
  }

  private float[] losses(MultipleHypothesesDropout dropout, Tensor kept, boolean perToken) {
    Tensor error = base.add(dropout.residual(latents, kept)).sub(target).square();
    return Tensors.floats(perToken ? error.mean(2) : error.mean(1, 2));
  }

  /** The least loss of each place over the masks from {@code first} on, one by one. */
  private float[] least(MultipleHypothesesDropout dropout, int first, boolean perToken) {
    float[] least = new float[perToken ? 21 : 7];
    Arrays.fill(least, Float.POSITIVE_INFINITY);
    for (int word = first; word < 1 << MASK_WIDTH; word++) {
      float[] bits = new float[MASK_WIDTH];
      for (int b = 0; b < MASK_WIDTH; b++) {
        bits[b] = word >> b & 1;
      }
      Tensor kept = Tensors.of(bits, 1, MASK_WIDTH).expand(least.length, MASK_WIDTH).contiguous();
      float[] losses = losses(dropout, kept, perToken);
      for (int i = 0; i < least.length; i++) {
        least[i] = Math.min(least[i], losses[i]);
      }
    }
    return least;
  }

  @Test
  void encodingFindsTheExactBestOfAllMasks() {
    for (boolean perToken : new boolean[] {false, true}) {
      for (Kind kind : List.of(Kind.GATES, Kind.ALL)) {
        MultipleHypothesesDropout dropout = dropout(new MaskSet(kind, 0.2), perToken);
        Tensor winners = Views.unpack(dropout.encode(latents, base, target));
        assertThat(losses(dropout, winners, perToken))
            .containsExactly(least(dropout, kind == Kind.ALL ? 0 : 1, perToken), within(1e-5f));
      }
    }
  }

  @Test
  void theEmptyMaskWinsOnlyWhereItIsOneOfAll() {
    MultipleHypothesesDropout all = dropout(new MaskSet(Kind.ALL, 1), false);
    target = base.add(all.residual(latents, Tensors.zeros(7, MASK_WIDTH))).detach();
    assertThat(all.encode(latents, base, target).get(3).isEmpty()).isTrue();
    MaskBits gates = dropout(new MaskSet(Kind.GATES, 1), false).encode(latents, base, target);
    for (int i = 0; i < 7; i++) {
      assertThat(gates.get(i).isEmpty()).isFalse();
    }
  }

  @Test
  void aShareOfTheGatesIsDrawnWithoutReplacementForEachInstance() {
    MaskSet quarter = new MaskSet(Kind.GATES, 0.25);
    long[] words = Tensors.longs(quarter.words(50, MASK_WIDTH, false));
    assertThat(words).hasSize(50 * 8);
    long[] counts = new long[32];
    for (int i = 0; i < 50; i++) {
      long[] row = Arrays.copyOfRange(words, 8 * i, 8 * i + 8);
      assertThat(row).doesNotHaveDuplicates();
      for (long word : row) {
        counts[(int) word]++;
      }
    }
    assertThat(counts[0]).isZero();
    for (int gate = 1; gate < 32; gate++) {
      // 50 * 8 / 31 = 13 expected; five standard deviations.
      assertThat(counts[gate]).isBetween(1L, 28L);
    }
    assertThat(Tensors.longs(quarter.words(2, 3, true)))
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5, 6, 7);
    assertThat(Tensors.longs(new MaskSet(Kind.ALL, 0.1).words(1, 2, false)))
        .containsExactly(0, 1, 2, 3);
    assertThat(new MaskSet(Kind.GATES, 0.001).tried(3)).isEqualTo(1);
  }

  @Test
  void trainingTriesTheShareAndEvaluationAll() {
    MultipleHypothesesDropout dropout = dropout(new MaskSet(Kind.GATES, 0.1), false);
    dropout.eval();
    float best = dropout.forward(latents, base, target).loss().item_float();
    assertThat(best).isCloseTo(mean(least(dropout, 1, false)), within(1e-5f));
    dropout.train(true);
    float sum = 0;
    for (int i = 0; i < 5; i++) {
      float some = dropout.forward(latents, base, target).loss().item_float();
      assertThat(some).isGreaterThanOrEqualTo(best - 1e-6f);
      sum += some;
    }
    assertThat(sum / 5).isGreaterThan(best * 1.01f);
  }

  private static float mean(float[] values) {
    float sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  @Test
  void randomMasksAreUniformOverTheList() {
    MultipleHypothesesDropout gates = dropout(new MaskSet(Kind.GATES, 0.1), true);
    MaskBits masks = gates.randomMasks(3100, 4);
    assertThat(masks.count()).isEqualTo(9300);
    Tensor kept = Views.unpack(masks);
    assertThat(kept.sum(1).min().item_float()).isEqualTo(1);
    // Each bit is in 16 of the 31 gates; five standard deviations.
    float[] shares = Tensors.floats(kept.mean(0));
    for (float share : shares) {
      assertThat(share).isCloseTo(16 / 31f, within(0.026f));
    }
    Tensor empty = Views.unpack(dropout(new MaskSet(Kind.ALL, 1), true).randomMasks(310, 4)).sum(1);
    assertThat(empty.eq(new Scalar(0)).sum().item_long()).isBetween(5L, 60L);
  }

  @Test
  void bitsNameTheWinnersAmongTheMasksTried() {
    assertThat(dropout(MaskSet.DRAWN, true).bits()).isCloseTo(9, within(1e-12));
    assertThat(dropout(new MaskSet(Kind.ALL, 1), true).bits()).isCloseTo(15, within(1e-12));
    assertThat(dropout(new MaskSet(Kind.GATES, 0.1), false).bits())
        .isCloseTo(Math.log(31) / Math.log(2), within(1e-12));
  }

  @Test
  void badArgumentsAreNamedWithTheirValue() {
    assertThatThrownBy(() -> new MaskSet(Kind.GATES, 0))
        .hasMessage("share must be above 0 and at most 1, got 0.0");
    MultipleHypothesesDropout.Settings wide =
        new MultipleHypothesesDropout.Settings(1, 13, 1, 2, 8, 0.5, false, List.of(), 1);
    SearchOptions all = new SearchOptions(new MaskSet(Kind.ALL, 1), false, 1, 0);
    assertThatThrownBy(() -> new MultipleHypothesesDropout(wide, all))
        .hasMessage("maskWidth must be at most 12 to try all masks, got 13");
    assertThatThrownBy(
            () ->
                new MultipleHypothesesDropout(
                    wide, new SearchOptions(MaskSet.DRAWN, false, 9, 0.1)))
        .hasMessage("top must be in 1..8 (masks tried), got 9");
    assertThatThrownBy(() -> new SearchOptions(MaskSet.DRAWN, true, 1, 0))
        .hasMessage("mixture must be false for drawn masks, got true; try all masks or gates");
    assertThatThrownBy(() -> new SearchOptions(MaskSet.DRAWN, false, 0, 0))
        .hasMessage("top must be at least 1, got 0");
    assertThatThrownBy(() -> new SearchOptions(MaskSet.DRAWN, false, 1, Double.NaN))
        .hasMessage("temperature must be at least 0 and finite, got NaN");
  }
}
