package io.mvq.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.tensor.Parameters;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VectorQuantizerTest {
  @BeforeEach
  void seed() {
    torch.manual_seed(3);
  }

  private static VectorQuantizer quantizer(long searchWidth, boolean cosine) {
    return new VectorQuantizer(16, 8, searchWidth, new Codebook.Learning(0.99, 20, cosine));
  }

  @Test
  void outputsAreTheCodesAndGradientsPassStraightThrough() {
    VectorQuantizer quantizer = quantizer(0, false);
    Tensor input = torch.randn(5, 3, 8).set_requires_grad(true);
    quantizer.initialize(torch.randn(50, 3, 8));
    quantizer.eval();
    Quantized quantized = quantizer.forward(input);
    assertThat(Shapes.of(quantized.index())).containsExactly(5, 3);
    float[] expected = Tensors.floats(quantizer.lookup(quantized.index()));
    assertThat(Tensors.floats(quantized.vectors())).containsExactly(expected, within(1e-6f));
    quantized.vectors().sum().backward();
    assertThat(Tensors.floats(input.grad())).containsOnly(1);
  }

  @Test
  void commitmentPullsTheInputTowardsItsCode() {
    VectorQuantizer quantizer = quantizer(0, false);
    quantizer.initialize(torch.randn(50, 8));
    quantizer.eval();
    Tensor input = torch.randn(4, 8).set_requires_grad(true);
    Quantized quantized = quantizer.forward(input);
    quantized.commitment().backward();
    Tensor code = quantizer.lookup(quantized.index());
    float[] expected = Tensors.floats(input.sub(code).mul(new Scalar(2.0 / 32)));
    assertThat(Tensors.floats(input.grad())).containsExactly(expected, within(1e-6f));
  }

  @Test
  void theCodebookIsFrozenOutsideTraining() {
    VectorQuantizer quantizer = quantizer(0, false);
    quantizer.forward(torch.randn(40, 8));
    float[] trained = Tensors.floats(quantizer.codebook().codes());
    quantizer.eval();
    quantizer.forward(torch.randn(40, 8));
    assertThat(Tensors.floats(quantizer.codebook().codes())).isEqualTo(trained);
    quantizer.train(true);
    quantizer.forward(torch.randn(40, 8));
    assertThat(Tensors.floats(quantizer.codebook().codes())).isNotEqualTo(trained);
  }

  @Test
  void narrowAndCosineCodesKeepTheOutputsWidthAndTrainTheProjections() {
    VectorQuantizer quantizer = quantizer(3, true);
    Tensor input = torch.randn(6, 2, 8).set_requires_grad(true);
    Quantized quantized = quantizer.forward(input);
    assertThat(Shapes.of(quantized.vectors())).containsExactly(6, 2, 8);
    assertThat(Shapes.of(quantizer.codebook().codes())).containsExactly(16, 3);
    quantized.vectors().square().sum().add(quantized.commitment()).backward();
    assertThat(input.grad().abs().sum().item_float()).isGreaterThan(0);
    for (Tensor weight : Parameters.trained(quantizer).values()) {
      assertThat(weight.grad().abs().sum().item_float()).isGreaterThan(0);
    }
  }

  @Test
  void wrongWidthsAndNegativeOptionsAreNamed() {
    assertThatThrownBy(() -> quantizer(0, false).forward(torch.randn(4, 7)))
        .hasMessage("rows must have shape (any, 8), got (4, 7)");
    assertThatThrownBy(() -> quantizer(-1, false))
        .hasMessage("searchWidth must be at least 0, got -1");
  }
}
