package io.mvq.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mvq.tensor.Tensors;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class WeightUpdateTest {
  private static final double RATE = 0.1;
  private static final double BETA2 = 0.7;
  private static final double DECAY = 0.2;

  @Test
  void stepsAreAdamWsByHand() {
    Training training = new Training(3, 1, 1, RATE, 0, 1, DECAY, BETA2, 0, 0, 1);
    Tensor weight = Tensors.of(new float[] {2}, 1, 1).set_requires_grad(true);
    WeightUpdate update = new WeightUpdate(Map.of("weight", weight), training);
    double expected = 2;
    double mean = 0;
    double square = 0;
    double[] gradients = {1, -3, 0.5};
    for (int step = 0; step < gradients.length; step++) {
      weight.mul(Tensors.of(new float[] {(float) gradients[step]}, 1, 1)).sum().backward();
      update.apply(step);
      // Loshchilov and Hutter (arXiv 1711.05101), algorithm 2, with beta1 = 0.9.
      mean = 0.9 * mean + 0.1 * gradients[step];
      square = BETA2 * square + (1 - BETA2) * gradients[step] * gradients[step];
      double unbiasedMean = mean / (1 - Math.pow(0.9, step + 1));
      double unbiasedSquare = square / (1 - Math.pow(BETA2, step + 1));
      expected -= RATE * DECAY * expected;
      expected -= RATE * unbiasedMean / (Math.sqrt(unbiasedSquare) + 1e-8);
      try (NoGradGuard guard = new NoGradGuard()) {
        assertThat(weight.item_double()).isCloseTo(expected, within(1e-5));
      }
    }
  }
}
