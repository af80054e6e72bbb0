package io.mvq.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mvq.kernel.Backend;
import io.mvq.kernel.MaskBits;
import io.mvq.kernel.Where;
import java.util.BitSet;
import java.util.List;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class DevicesTest {
  /** A tensor that is not on the CPU, on any machine: LibTorch's device of shapes without data. */
  private static Tensor elsewhere() {
    return torch.empty(
        new long[] {2, 3}, Tensors.options(ScalarType.Float, new Device("meta")), null);
  }

  @Test
  void cpuIsAlwaysThereAndAutoFallsBackToIt() {
    assertThat(Devices.named("cpu").is_cpu()).isTrue();
    assertThat(Devices.named("auto").is_cpu()).isEqualTo(Devices.refusal() != null);
    assertThat(Devices.of(new LinearImpl(1, 1)).is_cpu()).isTrue();
    assertThat(Devices.where(Tensors.zeros(1))).isEqualTo(Where.CPU);
  }

  @Test
  void aGpuThatCannotBeUsedIsRefusedWithTheReason() {
    assumeTrue(Backend.load().cudaDevices() == 0, "this machine has a GPU");
    assertThatThrownBy(() -> Devices.named("cuda:1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "device cuda:1 cannot be used: the kernels say " + Backend.load().cudaRefusal());
  }

  @Test
  void aNameThatIsNoneIsRefused() {
    for (String name : List.of("gpu", "cuda:", "cuda:x", "CPU", "")) {
      assertThatThrownBy(() -> Devices.named(name))
          .hasMessage("device must be cpu, cuda, cuda:N or auto, got \"" + name + "\"");
    }
  }

  @Test
  void tensorsOfTwoDevicesAreRefusedByName() {
    Tensor here = Tensors.zeros(2, 3);
    Shapes.requireTogether(here, "codes", here, "rows");
    assertThatThrownBy(() -> Shapes.requireTogether(elsewhere(), "codes", here, "rows"))
        .hasMessage("codes is on meta, but rows on cpu; move one with to(device)");
    assertThatThrownBy(() -> Views.matrix(elsewhere(), "codes"))
        .hasMessage("codes must be on the CPU or on CUDA, got meta");
    assertThat(Devices.like(here, elsewhere()).device().is_meta()).isTrue();
  }

  @Test
  void maskWordsUnpackAsTheirBits() {
    BitSet first = BitSet.valueOf(new long[] {-1L << 62, 5});
    BitSet second = BitSet.valueOf(new long[] {3, 0});
    MaskBits masks = MaskBits.of(List.of(first, second), 67);
    float[] bits = Tensors.floats(Views.unpack(masks));
    for (int i = 0; i < bits.length; i++) {
      assertThat(bits[i]).isEqualTo((i < 67 ? first : second).get(i % 67) ? 1 : 0);
    }
    Tensor words = Tensors.of(new long[] {-1L << 62, 5, 3, 0}, 2, 2);
    assertThat(Views.copy(words, 67).get(0)).isEqualTo(first);
    assertThat(Views.masks(words, 67, "words").get(1)).isEqualTo(second);
  }
}
