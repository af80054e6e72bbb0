package io.mvq.hypothesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.kernel.Dropout;
import io.mvq.kernel.DropoutMasks;
import io.mvq.kernel.MaskBits;
import io.mvq.kernel.Where;
import io.mvq.tensor.Tensors;
import io.mvq.tensor.Views;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MultipleHypothesesDropoutTest {
  private final Tensor latents;
  private final Tensor base;
  private final Tensor target;

  MultipleHypothesesDropoutTest() {
    torch.manual_seed(4);
    latents = torch.randn(3, 2, 10);
    base = torch.randn(3, 4, 6);
    target = torch.randn(3, 4, 6);
  }

  @BeforeEach
  void seed() {
    torch.manual_seed(5);
  }

  private static MultipleHypothesesDropout dropout(boolean perToken, int hypotheses) {
    return new MultipleHypothesesDropout(
        new MultipleHypothesesDropout.Settings(
            2, 10, 4, 6, hypotheses, 0.5, perToken, List.of(16), 9));
  }

  @Test
  void theKernelsWinnerIsTheBestOfAllHypothesesRunWithLibTorch() {
    for (boolean perToken : new boolean[] {false, true}) {
      MultipleHypothesesDropout dropout = dropout(perToken, 50);
      MaskBits winners = dropout.encode(latents, base, target);
      MaskBits all = DropoutMasks.draw(1, 50, 10, new Dropout(9, 0, 0.5), Where.CPU);
      float[] best = new float[perToken ? 12 : 3];
      Arrays.fill(best, Float.POSITIVE_INFINITY);
      for (int h = 0; h < 50; h++) {
        float[] losses = losses(dropout, hypothesis(all, h, perToken ? 4 : 1), perToken);
        for (int i = 0; i < best.length; i++) {
          best[i] = Math.min(best[i], losses[i]);
        }
      }
      assertThat(losses(dropout, Views.unpack(winners), perToken))
          .containsExactly(best, within(1e-5f));
    }
  }

  @Test
  void anInstancesWinnersDoNotDependOnItsPlace() {
    for (int hypotheses : new int[] {1, 50}) {
      MultipleHypothesesDropout dropout = dropout(false, hypotheses);
      MaskBits together = dropout.encode(latents, base, target);
      for (int i = 0; i < 3; i++) {
        MaskBits alone =
            dropout.encode(latents.narrow(0, i, 1), base.narrow(0, i, 1), target.narrow(0, i, 1));
        assertThat(together.get(i)).as("instance " + i).isEqualTo(alone.get(0));
      }
    }
  }

  /** Hypothesis h's mask, repeated for each winner of each row. */
  private static Tensor hypothesis(MaskBits all, int h, long winners) {
    return Views.unpack(all).select(0, h).expand(3, winners, 10).reshape(-1, 10);
  }

  private float[] losses(MultipleHypothesesDropout dropout, Tensor kept, boolean perToken) {
    Tensor error = base.add(dropout.residual(latents, kept)).sub(target).square();
    return Tensors.floats(perToken ? error.mean(2) : error.mean(1, 2));
  }

  @Test
  void theLossIsTheWinnersAndOnlyTheWinnerReceivesAGradient() {
    MultipleHypothesesDropout dropout = dropout(false, 20);
    Tensor input = latents.clone().set_requires_grad(true);
    MultipleHypothesesDropout.Winners winners = dropout.forward(input, base, target);
    Tensor again = torch.mse_loss(base.add(dropout.residual(input, winners.masks())), target);
    assertThat(winners.loss().item_float()).isEqualTo(again.item_float());
    winners.loss().backward();
    Tensor gradient = input.grad().clone();
    input.mutable_grad().zero_();
    again.backward();
    assertThat(Tensors.floats(input.grad())).isEqualTo(Tensors.floats(gradient));
  }

  @Test
  void trainingDrawsFreshMasksAndEvaluationAlwaysTheSame() {
    MultipleHypothesesDropout dropout = dropout(false, 4);
    String first = masks(dropout);
    assertThat(masks(dropout)).isNotEqualTo(first);
    dropout.eval();
    String evaluated = masks(dropout);
    assertThat(masks(dropout)).isEqualTo(evaluated);
  }

  private String masks(MultipleHypothesesDropout dropout) {
    MaskBits masks = Views.pack(dropout.forward(latents, base, target).masks(), "masks");
    return masks.get(0) + " " + masks.get(1) + " " + masks.get(2);
  }

  @Test
  void trainingTheWinnersLowersTheLossOfAMultimodalTarget() {
    // The target is one of two points that the latent does not tell apart: only a choice of
    // hypothesis can.
    MultipleHypothesesDropout dropout =
        new MultipleHypothesesDropout(
            new MultipleHypothesesDropout.Settings(1, 8, 1, 2, 16, 0.5, false, List.of(32), 1));
    Tensor latent = torch.ones(32, 1, 8).add(torch.arange(new Scalar(8)).mul(new Scalar(0.1)));
    Tensor zero = Tensors.zeros(32, 1, 2);
    AdamW optimizer = new AdamW(dropout.parameters(), new AdamWOptions(1e-2));
    double last = 0;
    for (int step = 0; step < 200; step++) {
      Tensor sign = torch.rand(32, 1, 1).round().mul(new Scalar(2)).sub(new Scalar(1));
      MultipleHypothesesDropout.Winners winners =
          dropout.forward(latent, zero, sign.expand(32, 1, 2).contiguous());
      optimizer.zero_grad();
      winners.loss().backward();
      optimizer.step();
      last = winners.loss().item_double();
    }
    // A single hypothesis can do no better than the mean, a loss of 1.
    assertThat(last).isLessThan(0.05);
  }

  @Test
  void dropoutIsTheShareOfBitsThatDrop() {
    MultipleHypothesesDropout dropout =
        new MultipleHypothesesDropout(
            new MultipleHypothesesDropout.Settings(1, 100, 1, 2, 4, 0.9, false, List.of(), 1));
    MaskBits masks = dropout.randomMasks(100, 7);
    int kept = 0;
    for (int i = 0; i < 100; i++) {
      kept += masks.get(i).cardinality();
    }
    // Five standard deviations of 10,000 draws at 0.1.
    assertThat(kept).isBetween(850, 1150);
  }

  @Test
  void badArgumentsAreNamedWithTheirValue() {
    assertThatThrownBy(() -> dropout(false, 0)).hasMessage("hypotheses must be at least 1, got 0");
    assertThatThrownBy(() -> new HypothesisHead(1, 2, 3, 4, 5, 6))
        .hasMessage("a head must have 1..4 layers, got 5");
    assertThatThrownBy(() -> dropout(true, 3).residual(latents, Tensors.zeros(3, 10)))
        .hasMessage("masks must have shape (12, 10), got (3, 10)");
  }
}
