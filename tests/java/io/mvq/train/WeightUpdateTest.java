package io.mvq.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mvq.tensor.RandomState;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.OptimizerParamGroup;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class WeightUpdateTest {
  private static final double RATE = 0.1;
  private static final double BETA2 = 0.7;
  private static final double DECAY = 0.2;

  @Test
  void stepsAreAdamWsByHand() {
    Training training =
        new Training(3, 1, 1, 1, RATE, 0, 1, DECAY, BETA2, 0, 0, 1, Precision.FLOAT32);
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

  @Test
  void everyStepIsThatOfLibTorchsOwnAdamW() {
    Training training =
        new Training(400, 1, 1, 1, RATE, 20, 0.1, DECAY, 0.999, 0, 0, 1, Precision.FLOAT32);
    Map<String, Tensor> ours = new LinkedHashMap<>();
    TensorVector matrices = new TensorVector();
    TensorVector vectors = new TensorVector();
    RandomState.seed(4);
    for (long[] shape : new long[][] {{17, 33}, {33}, {8, 3, 3, 3}}) {
      Tensor start = torch.randn(shape);
      ours.put("p" + shape.length, start.clone().set_requires_grad(true));
      (shape.length > 1 ? matrices : vectors).push_back(start.clone().set_requires_grad(true));
    }
    WeightUpdate update = new WeightUpdate(ours, training, 0.5);
    org.bytedeco.pytorch.AdamW theirs =
        new org.bytedeco.pytorch.AdamW(matrices, options(0.999, DECAY));
    theirs.add_param_group(new OptimizerParamGroup(vectors, options(0.999, 0)));
    List<Tensor> pairs = List.of(matrices.get(0), vectors.get(0), matrices.get(1));
    for (int step = 0; step < 400; step++) {
      int i = 0;
      for (Tensor parameter : ours.values()) {
        // The second has no gradient at first: its count of steps lags behind.
        if (i != 1 || step > 3) {
          // The third's gradients are so small that AdamW's epsilon counts.
          Tensor noise = torch.randn(Shapes.of(parameter)).mul(new Scalar(i == 2 ? 1e-7 : 1));
          parameter.mul(noise).sum().backward();
          pairs.get(i).mul(noise).sum().backward();
        }
        i++;
      }
      for (long group = 0; group < 2; group++) {
        theirs.param_groups().get(group).options().set_lr(update.learningRate(step));
      }
      update.apply(step);
      theirs.step();
      theirs.zero_grad(true);
      i = 0;
      for (Tensor parameter : ours.values()) {
        assertThat(torch.allclose(parameter, pairs.get(i++), 1e-4, 1e-5, false))
            .as("step " + step)
            .isTrue();
      }
    }
  }

  private static AdamWOptions options(double beta2, double decay) {
    AdamWOptions options = new AdamWOptions(RATE);
    // The preset shows a C++ tuple as an array, and tuples lie backwards in memory: 0 is beta2.
    options.betas().put(1, 0.5);
    options.betas().put(0, beta2);
    options.weight_decay().put(decay);
    return options;
  }
}
