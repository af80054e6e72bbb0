package io.mvq.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class RandomStateTest {
  @Test
  void aStateOfAnotherKindIsRefusedAndChangesNothing() {
    RandomState.seed(5);
    Tensor before = RandomState.save();
    for (Tensor odd : new Tensor[] {Tensors.of(new byte[9], 9), Tensors.zeros(5056)}) {
      assertThatThrownBy(() -> RandomState.restore(odd))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageMatching("the random state must be \\d+ bytes, got \\d+ of .*");
    }
    assertThat(torch.equal(RandomState.save(), before)).isTrue();
  }
}
