package io.mvq.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class TensorsTest {
  @Test
  void arraysSurviveTheRoundTrip() {
    assertThat(Tensors.floats(Tensors.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).t()))
        .containsExactly(1, 4, 2, 5, 3, 6);
    assertThat(Tensors.longs(Tensors.of(new long[] {7, -1}, 2))).containsExactly(7, -1);
    assertThat(Tensors.bytes(Tensors.of(new byte[] {-1, 2}, 2))).containsExactly(-1, 2);
    assertThat(Tensors.floats(Tensors.of(new float[0], 0, 3))).isEmpty();
  }

  @Test
  void aShapeThatDoesNotHoldTheValuesIsNamed() {
    assertThatThrownBy(() -> Tensors.of(new float[5], 2, 3))
        .hasMessage("shape (2, 3) holds 6 elements, got 5");
  }

  @Test
  void checksNameTheArgumentAndWhatItWas() {
    Tensor rows = Tensors.zeros(2, 3);
    assertThat(Shapes.require(rows, "rows", Shapes.ANY, 3)).isSameAs(rows);
    assertThatThrownBy(() -> Shapes.require(rows, "rows", Shapes.ANY, 4))
        .hasMessage("rows must have shape (any, 4), got (2, 3)");
    assertThatThrownBy(() -> Shapes.require(null, "rows", 1))
        .hasMessage("rows must be a tensor, got null");
    assertThatThrownBy(() -> Shapes.requireDense(rows.t(), "rows", ScalarType.Float))
        .hasMessage("rows must be contiguous, got strides [1, 3]; call contiguous()");
    assertThatThrownBy(() -> Shapes.requireDense(rows, "index", ScalarType.Long))
        .hasMessage("index must be of type Long, got Float");
  }

  @Test
  void parametersAreNamedInTheOrderOfRegistration() {
    assertThat(Parameters.trained(new LinearImpl(3, 2)).keySet()).containsExactly("weight", "bias");
    assertThat(Parameters.count(new LinearImpl(3, 2))).isEqualTo(8);
  }

  @Test
  void parametersOutliveTheListTheyCameFrom() {
    LinearImpl linear = new LinearImpl(3, 2);
    Map<String, Tensor> parameters = Parameters.trained(linear);
    System.gc(); // frees the native list
    for (int i = 0; i < 1000; i++) { // and overwrites its memory
      new TensorVector(torch.zeros(7), torch.zeros(9)).deallocate();
    }
    assertThat(parameters.get("weight").numel()).isEqualTo(6);
    assertThat(parameters.get("bias").numel()).isEqualTo(2);
  }

  @Test
  void aRestoredGeneratorRepeatsItsNumbers() {
    RandomState.seed(7);
    Tensor state = RandomState.save();
    float[] first = Tensors.floats(torch.randn(4));
    RandomState.restore(state);
    assertThat(Tensors.floats(torch.randn(4))).isEqualTo(first);
  }
}
