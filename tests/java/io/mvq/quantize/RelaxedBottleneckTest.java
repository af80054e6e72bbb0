package io.mvq.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mvq.kernel.MaskBits;
import io.mvq.tensor.Parameters;
import io.mvq.tensor.RandomState;
import io.mvq.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RelaxedBottleneckTest {
  private static final Anneal NONE = new Anneal(0, 0, 0);

  @BeforeEach
  void seed() {
    torch.manual_seed(8);
  }

  private static RelaxedBottleneck of(Anneal temperature, Anneal divergence, boolean hard) {
    return new RelaxedBottleneck(4, 3, temperature, divergence, hard);
  }

  @Test
  void schedulesFollowHalfACosineAndThenStay() {
    Anneal temperature = new Anneal(1, 0.0625, 1);
    assertThat(temperature.at(0)).isEqualTo(1);
    assertThat(temperature.at(0.5)).isCloseTo(0.53125, within(1e-12));
    assertThat(temperature.at(1)).isEqualTo(0.0625);
    Anneal ramp = new Anneal(0, 2, 0.5);
    assertThat(ramp.at(0)).isZero();
    assertThat(ramp.at(0.25)).isCloseTo(1, within(1e-12));
    assertThat(ramp.at(0.5)).isEqualTo(2);
    assertThat(ramp.at(1)).isEqualTo(2);
    assertThat(new Anneal(1, 3, 0).at(0)).isEqualTo(3);
  }

  @Test
  void hardSamplesAreCodesAndSoftOnesMixtures() {
    Tensor latents = torch.randn(20, 4);
    RelaxedBottleneck hard = of(new Anneal(1, 1, 0), NONE, true);
    Bottleneck.Result drawn = hard.forward(latents, 0);
    assertThat(Tensors.floats(drawn.vectors()))
        .isEqualTo(Tensors.floats(hard.lookup(drawn.tokens(), MaskBits.none())));
    // A draw, not the likeliest.
    assertThat(Tensors.longs(drawn.tokens()))
        .isNotEqualTo(Tensors.longs(hard.encode(latents).tokens()));
    RelaxedBottleneck soft = of(new Anneal(1, 1e-4, 1), NONE, false);
    Bottleneck.Result warm = soft.forward(latents, 0);
    assertThat(gap(soft, warm)).isGreaterThan(0.1);
    assertThat(gap(soft, soft.forward(latents, 1))).isLessThan(1e-4);
    soft.eval();
    assertThat(gap(soft, soft.forward(latents, 0))).isZero();
  }

  /** The mean distance from the vectors to the codes of their tokens. */
  private static double gap(Bottleneck bottleneck, Bottleneck.Result result) {
    return result
        .vectors()
        .sub(bottleneck.lookup(result.tokens(), MaskBits.none()))
        .abs()
        .mean()
        .item_double();
  }

  @Test
  void tokensAreDrawnByTheirProbabilities() {
    // Logits log 1, log 2, log 3, log 4: probabilities 0.1 to 0.4.
    Tensor logits = torch.arange(new Scalar(4)).add(one()).log();
    RelaxedBottleneck bottleneck = of(new Anneal(1, 1, 0), NONE, true);
    Tensor tokens = bottleneck.forward(logits.expand(10_000, 4).contiguous(), 0).tokens();
    long[] counts = new long[4];
    for (long token : Tensors.longs(tokens)) {
      counts[(int) token]++;
    }
    for (int k = 0; k < 4; k++) {
      double p = (k + 1) / 10.0;
      // Five standard deviations.
      assertThat((double) counts[k])
          .isCloseTo(10_000 * p, within(5 * Math.sqrt(10_000 * p * (1 - p))));
    }
  }

  private static Scalar one() {
    return new Scalar(1);
  }

  @Test
  void theDivergenceIsThatFromTheUniformDistributionInNats() {
    RelaxedBottleneck bottleneck = of(new Anneal(1, 1, 0), new Anneal(0, 2, 1), true);
    Tensor uniform = Tensors.zeros(3, 4);
    assertThat(divergence(bottleneck, uniform, 1)).isCloseTo(0, within(1e-6));
    // One code alone: log 4 nats, at weights 0, 1, 2.
    Tensor sure = Tensors.of(new float[] {100, 0, 0, 0}, 1, 4);
    assertThat(divergence(bottleneck, sure, 0)).isZero();
    assertThat(divergence(bottleneck, sure, 0.5)).isCloseTo(Math.log(4), within(1e-6));
    assertThat(divergence(bottleneck, sure, 1)).isCloseTo(2 * Math.log(4), within(1e-6));
  }

  private static double divergence(Bottleneck bottleneck, Tensor latents, double progress) {
    return bottleneck.forward(latents, progress).losses().get("divergence").item_double();
  }

  @Test
  void hardGradientsAreThoseOfTheSoftSample() {
    Tensor[] gradients = new Tensor[2];
    for (int hard = 0; hard < 2; hard++) {
      torch.manual_seed(2);
      RelaxedBottleneck bottleneck = of(new Anneal(0.7, 0.7, 0), NONE, hard == 1);
      Tensor latents = torch.randn(5, 4).set_requires_grad(true);
      bottleneck.forward(latents, 0).vectors().sum().backward();
      gradients[hard] = latents.grad();
    }
    assertThat(Tensors.floats(gradients[1])).isEqualTo(Tensors.floats(gradients[0]));
    assertThat(gradients[0].abs().sum().item_float()).isGreaterThan(0);
  }

  @Test
  void theNoiseIsThatOfTheSavedRandomState() {
    RelaxedBottleneck bottleneck = of(new Anneal(1, 1, 0), NONE, true);
    Tensor latents = torch.randn(50, 4);
    Tensor state = RandomState.save();
    long[] first = Tensors.longs(bottleneck.forward(latents, 0.3).tokens());
    assertThat(Tensors.longs(bottleneck.forward(latents, 0.3).tokens())).isNotEqualTo(first);
    RandomState.restore(state);
    assertThat(Tensors.longs(bottleneck.forward(latents, 0.3).tokens())).isEqualTo(first);
    assertThat(Parameters.all(bottleneck).keySet()).containsExactly("codebook.weight");
  }
}
