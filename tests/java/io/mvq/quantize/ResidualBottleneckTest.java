package io.mvq.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mvq.kernel.MaskBits;
import io.mvq.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class ResidualBottleneckTest {
  private static final Codebook.Learning STILL = new Codebook.Learning(0.99, 0, false);

  @Test
  void aStageQuantizesWhatTheFirstLeaves() {
    torch.manual_seed(1);
    VectorQuantizer[] stages = {new VectorQuantizer(2, 1, 0, STILL)};
    VectorQuantizer first = new VectorQuantizer(2, 1, 0, STILL);
    ResidualBottleneck bottleneck = new ResidualBottleneck(new VqBottleneck(first, 1), stages, 1);
    // Clusters 0 and 10; residuals -1 and 1 in both.
    bottleneck.initialize(Tensors.of(new float[] {-1, 1, 9, 11}, 4, 1));
    bottleneck.eval();
    Tensor latents = Tensors.of(new float[] {11.25f, -1, 0.5f}, 3, 1);
    Bottleneck.Result result = bottleneck.forward(latents, 0);
    assertThat(Tensors.floats(result.vectors()))
        .containsExactly(new float[] {11, -1, 1}, within(1e-6f));
    assertThat(Tensors.floats(bottleneck.lookup(result.tokens(), MaskBits.none())))
        .containsExactly(new float[] {11, -1, 1}, within(1e-6f));
    // First ((1.25)^2 + 1 + 0.5^2) / 3, then (0.25^2 + 0 + 0.5^2) / 3.
    assertThat(result.losses().get("commitment").item_float())
        .isCloseTo((1.5625f + 1 + 0.25f + 0.0625f + 0.25f) / 3, within(1e-5f));
  }

  @Test
  void aStageOverTheWholeRowIsOneTokenMore() {
    VectorQuantizer[] stages = {
      new VectorQuantizer(256, 4, 0, STILL), new VectorQuantizer(3, 2, 0, STILL)
    };
    Bottleneck tokens =
        new SharedTokens(2, new VqBottleneck(new VectorQuantizer(16, 2, 0, STILL), 1));
    assertThat(new ResidualBottleneck(tokens, stages, 1).codes())
        .containsExactly(16, 16, 256, 3, 3);
  }
}
