package io.mvq.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.tensor.RandomState;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class FidelityTest {
  @Test
  void theMeanOverUnevenBatchesIsTheMeanOverImages() {
    RandomState.seed(1);
    Tensor images = torch.rand(5, 3, 12, 13);
    Tensor made = images.add(torch.randn(5, 3, 12, 13).mul(new Scalar(0.1)));
    Fidelity.Sum sum = new Fidelity.Sum(true);
    sum.add(images.narrow(0, 0, 4), made.narrow(0, 0, 4));
    sum.add(images.narrow(0, 4, 1), made.narrow(0, 4, 1));
    Fidelity all = sum.mean();
    assertThat(all.psnr()).isCloseTo(Psnr.mean(images, made), within(1e-9));
    assertThat(all.ssim()).isCloseTo(Ssim.mean(images, made), within(1e-9));
    assertThat(all.images()).isEqualTo(5);
  }

  @Test
  void similarityIsMeasuredOnlyWhereItIsAskedFor() {
    Tensor small = torch.rand(2, 1, 4, 4); // below SSIM's window
    Fidelity.Sum sum = new Fidelity.Sum(false);
    sum.add(small, small);
    assertThat(sum.mean()).isEqualTo(new Fidelity(Psnr.MOST, null, 2));
    assertThatThrownBy(() -> new Fidelity.Sum(false).mean()).hasMessage("no images were added");
  }
}
