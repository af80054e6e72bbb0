package io.mvq.hypothesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mvq.hypothesis.MaskSet.Kind;
import io.mvq.tensor.Tensors;
import io.mvq.tensor.Views;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** Annealed winner-takes-all, and the mixture head. */
class SoftWinnersTest {
  private static final MaskSet ALL = new MaskSet(Kind.ALL, 1);

  private static MultipleHypothesesDropout dropout(
      MaskSet masks, boolean mixture, int top, double temperature, boolean perToken) {
    torch.manual_seed(6);
    return new MultipleHypothesesDropout(
        new MultipleHypothesesDropout.Settings(1, 3, 2, 4, 8, 0.5, perToken, List.of(9), 1),
        new SearchOptions(masks, mixture, top, temperature));
  }

  /** Losses of all 8 masks, (8, places) row major, by LibTorch one by one. */
  private static double[][] losses(
      MultipleHypothesesDropout dropout, Tensor latents, Tensor base, Tensor target, int places) {
    double[][] losses = new double[8][];
    for (int word = 0; word < 8; word++) {
      float[] bits = {word & 1, word >> 1 & 1, word >> 2};
      Tensor kept = Tensors.of(bits, 1, 3).expand(places, 3).contiguous();
      Tensor error = base.add(dropout.residual(latents, kept)).sub(target).square();
      float[] row = Tensors.floats(places == 5 ? error.mean(1, 2) : error.mean(2));
      losses[word] = new double[places];
      for (int i = 0; i < places; i++) {
        losses[word][i] = row[i];
      }
    }
    return losses;
  }

  @Test
  void theBestShareTheLossByASoftmaxThatCoolsToTheWinner() {
    torch.manual_seed(4);
    Tensor latents = torch.randn(5, 1, 3);
    Tensor base = torch.randn(5, 2, 4);
    Tensor target = torch.randn(5, 2, 4);
    for (boolean perToken : new boolean[] {false, true}) {
      int places = perToken ? 10 : 5;
      for (int top : new int[] {1, 3, 8}) {
        MultipleHypothesesDropout dropout = dropout(ALL, false, top, 0.4, perToken);
        double[][] losses = losses(dropout, latents, base, target, places);
        for (double progress : new double[] {0, 0.5, 1}) {
          double expected = 0;
          for (int i = 0; i < places; i++) {
            int place = i;
            double[] sorted =
                Arrays.stream(losses).mapToDouble(row -> row[place]).sorted().toArray();
            double temperature = 0.4 * (1 - progress);
            double weights = 0;
            double sum = 0;
            for (int rank = 0; rank < (temperature > 0 ? top : 1); rank++) {
              double weight =
                  temperature > 0 ? Math.exp((sorted[0] - sorted[rank]) / temperature) : 1;
              weights += weight;
              sum += weight * sorted[rank];
            }
            expected += sum / weights / places;
          }
          double loss = dropout.forward(latents, base, target, progress).loss().item_double();
          assertThat(loss)
              .as(perToken + " " + top + " " + progress)
              .isCloseTo(expected, within(1e-5));
        }
        // What is decoded is the winner's, whatever the temperature; evaluation never shares.
        MultipleHypothesesDropout.Winners hot = dropout.forward(latents, base, target, 0);
        MultipleHypothesesDropout.Winners cold = dropout.forward(latents, base, target, 1);
        assertThat(Tensors.floats(hot.residual())).isEqualTo(Tensors.floats(cold.residual()));
        dropout.eval();
        assertThat(dropout.forward(latents, base, target, 0).loss().item_float())
            .isEqualTo(cold.loss().item_float());
      }
    }
  }

  @Test
  void theMixturesLossIsThatAmongTheMasksTried() {
    // Weights 1, 2, 3, 4; tried are 0 and 2; 2 wins: 3 / (1 + 3).
    Tensor logits = torch.arange(new Scalar(1), new Scalar(5)).log().reshape(1, 1, 4);
    Tensor tried = Tensors.of(new long[] {0, 2}, 1, 2);
    Tensor loss = MixtureHead.loss(logits, tried, Tensors.of(new long[] {2}, 1, 1));
    assertThat(loss.item_double()).isCloseTo(-Math.log(0.75), within(1e-6));
  }

  @Test
  void theMixtureLearnsWhichMasksWinAndPullsNothingElse() {
    MultipleHypothesesDropout dropout = dropout(new MaskSet(Kind.GATES, 0.6), true, 1, 0, true);
    AdamW optimizer = new AdamW(dropout.parameters(), new AdamWOptions(1e-2));
    Tensor latents = torch.ones(200, 1, 3).mul(torch.arange(new Scalar(1), new Scalar(4)));
    Tensor base = Tensors.zeros(200, 2, 4);
    MultipleHypothesesDropout.Winners winners = null;
    for (int step = 0; step < 150; step++) {
      // Three quarters of the targets are 1, one quarter -1.
      Tensor high = torch.rand(200, 2, 1).lt(new Scalar(0.75)).to(ScalarType.Float);
      Tensor target = high.mul(new Scalar(2)).sub(new Scalar(1)).expand(200, 2, 4).contiguous();
      winners = dropout.forward(latents, base, target);
      optimizer.zero_grad();
      winners.loss().add(winners.mixture()).backward();
      optimizer.step();
    }
    Tensor kept = Views.unpack(dropout.likelyMasks(latents, base, 3));
    assertThat(kept.sum(1).min().item_float()).isGreaterThanOrEqualTo(1);
    Tensor drawn = dropout.residual(latents, kept).mean();
    // Drawn by the mixture the mean is near that of the targets, 0.5.
    assertThat(drawn.item_double()).isCloseTo(0.5, within(0.2));
    Tensor input = latents.clone().set_requires_grad(true);
    dropout.forward(input, base, base).mixture().backward();
    assertThat(input.grad().defined()).isFalse();
  }

  @Test
  void withoutAMixtureLikelyMasksAreTheRandomOnes() {
    MultipleHypothesesDropout dropout = dropout(ALL, false, 1, 0, false);
    Tensor likely = Views.unpack(dropout.likelyMasks(torch.randn(9, 1, 3), null, 7));
    assertThat(Tensors.floats(likely))
        .isEqualTo(Tensors.floats(Views.unpack(dropout.randomMasks(9, 7))));
  }
}
