package io.mvq.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ComputeThreadsTest {
  private int torchBefore;
  private int blasBefore;

  @BeforeEach
  void note() {
    torchBefore = torch.get_num_threads();
    blasBefore = openblas_nolapack.blas_get_num_threads();
  }

  @AfterEach
  void restore() {
    torch.set_num_threads(torchBefore);
    openblas_nolapack.blas_set_num_threads(blasBefore);
  }

  @Test
  void setsThoseOfLibTorchAndOfItsOpenBlas() {
    openblas_nolapack.blas_set_num_threads(2);
    ComputeThreads.set(1);
    assertThat(torch.get_num_threads()).isEqualTo(1);
    assertThat(openblas_nolapack.blas_get_num_threads()).isEqualTo(1);
  }

  @Test
  void refusesNone() {
    assertThatThrownBy(() -> ComputeThreads.set(0)).hasMessage("count must be at least 1, got 0");
  }
}
