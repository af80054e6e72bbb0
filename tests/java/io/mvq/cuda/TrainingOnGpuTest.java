package io.mvq.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.mvq.hypothesis.MultipleHypothesesDropout;
import io.mvq.quantize.Codebook;
import io.mvq.quantize.Quantized;
import io.mvq.quantize.VectorQuantizer;
import io.mvq.tensor.Parameters;
import io.mvq.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** The layers that use kernels, trained on the GPU. */
class TrainingOnGpuTest extends OnGpu {
  private static Module moved(Module module) {
    module.to(gpu(), false);
    return module;
  }

  @Test
  void aQuantizerLearnsTheSameCodesOnEitherDevice() {
    Tensor vectors = torch.randn(301, 7);
    float[][] learned = new float[2][];
    for (int device = 0; device < 2; device++) {
      torch.manual_seed(4);
      VectorQuantizer quantizer =
          new VectorQuantizer(13, 7, 0, new Codebook.Learning(0.9, 2, false));
      Tensor held = quantizer.codebook().codes(); // a handle from before the move
      Tensor input = device == 0 ? vectors : gpu(vectors);
      if (device == 1) {
        moved(quantizer);
      }
      for (int step = 0; step < 5; step++) {
        Quantized quantized = quantizer.forward(input);
        assertThat(quantized.index().device().equals(input.device())).isTrue();
      }
      assertThat(held.device().equals(input.device())).isTrue();
      learned[device] = Tensors.floats(held);
    }
    assertThat(learned[1]).usingComparatorWithPrecision(1e-4f).containsExactly(learned[0]);
  }

  @Test
  void hypothesesTrainOnTheGpu() {
    torch.manual_seed(5);
    MultipleHypothesesDropout dropout =
        new MultipleHypothesesDropout(
            new MultipleHypothesesDropout.Settings(1, 9, 2, 5, 33, 0.5, true, List.of(17), 1));
    moved(dropout);
    Tensor latents = gpu(torch.randn(31, 1, 9));
    Tensor base = gpu(torch.randn(31, 2, 5));
    Tensor target = gpu(torch.randn(31, 2, 5));
    AdamW optimizer = new AdamW(dropout.parameters(), new AdamWOptions(1e-2));
    double first = 0;
    double last = 0;
    for (int step = 0; step < 100; step++) {
      optimizer.zero_grad();
      MultipleHypothesesDropout.Winners winners = dropout.forward(latents, base, target);
      winners.loss().backward();
      optimizer.step();
      last = winners.loss().item_double();
      first = step == 0 ? last : first;
    }
    assertThat(last).isLessThan(0.8 * first);
    assertThat(Parameters.buffers(dropout).get("rows_drawn").item_long()).isEqualTo(3100);
  }
}
