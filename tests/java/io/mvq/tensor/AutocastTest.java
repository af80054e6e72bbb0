package io.mvq.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class AutocastTest {
  private static ScalarType type(Tensor tensor) {
    return tensor.scalar_type().intern();
  }

  @Test
  void denseLayersGiveBfloat16WithinItAndFloat32AroundItAndInsideOfFloat32() {
    try (PointerScope scope = new PointerScope()) {
      LinearImpl layer = new LinearImpl(8, 4);
      Tensor x = torch.randn(3, 8);
      assertThat(type(layer.forward(x))).isEqualTo(ScalarType.Float);
      Autocast.bfloat16(
          true,
          Devices.cpu(),
          () -> {
            assertThat(type(layer.forward(x))).isEqualTo(ScalarType.BFloat16);
            Tensor exact = Autocast.float32(Devices.cpu(), () -> layer.forward(x));
            assertThat(type(exact)).isEqualTo(ScalarType.Float);
            return assertThat(type(layer.forward(x))).isEqualTo(ScalarType.BFloat16);
          });
      Tensor off = Autocast.bfloat16(false, Devices.cpu(), () -> layer.forward(x));
      assertThat(type(off)).isEqualTo(ScalarType.Float);
      assertThatThrownBy(
              () ->
                  Autocast.bfloat16(
                      true,
                      Devices.cpu(),
                      () -> {
                        throw new IllegalStateException("within");
                      }))
          .hasMessage("within");
      assertThat(type(layer.forward(x))).isEqualTo(ScalarType.Float);
    }
  }

  @Test
  void aWeightThatChangesIsSeenAndItsGradientIsFloat32() {
    try (PointerScope scope = new PointerScope()) {
      LinearImpl layer = new LinearImpl(2, 1);
      Tensor x = torch.ones(1, 2);
      for (float value : new float[] {1, 2}) {
        try (NoGradGuard guard = new NoGradGuard()) {
          layer.weight().fill_(new Scalar(value));
          layer.bias().zero_();
        }
        Tensor y = Autocast.bfloat16(true, Devices.cpu(), () -> layer.forward(x));
        assertThat(y.to(ScalarType.Float).item_float()).isEqualTo(2 * value);
        y.to(ScalarType.Float).sum().backward();
      }
      assertThat(type(layer.weight().grad())).isEqualTo(ScalarType.Float);
      assertThat(Tensors.floats(layer.weight().grad())).containsExactly(2, 2);
    }
  }

  @Test
  void aCpuWithoutBfloat16IsToldByWhatLinuxSaysOfIt() {
    String without = "processor\t: 0\nflags\t\t: fpu avx2 avx512f avx512_vnni\nbugs\t: bf16\n";
    assertThat(Autocast.refusal(without))
        .isEqualTo("this CPU has no bfloat16 (avx512_bf16, amx_bf16 or bf16)");
    assertThat(Autocast.refusal("")).isEqualTo("what this CPU can is known on Linux alone");
    for (String has :
        List.of(
            "flags\t\t: fpu avx512_bf16 avx2\n", "flags: amx_bf16", "Features\t: fp asimd bf16")) {
      assertThat(Autocast.refusal(has)).as(has).isNull();
    }
  }
}
