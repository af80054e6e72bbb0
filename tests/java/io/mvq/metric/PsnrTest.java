package io.mvq.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class PsnrTest {
  @Test
  void anErrorOfATenthOfTheRangeIsTwentyDecibels() {
    Tensor images = Tensors.zeros(3, 1, 2, 2);
    assertThat(Psnr.mean(images, images.add(new Scalar(0.2)))).isCloseTo(20, within(1e-6));
  }

  @Test
  void theMeanIsOverImagesNotPixels() {
    Tensor images = Tensors.zeros(2, 1, 1, 2);
    Tensor off = Tensors.of(new float[] {0.2f, 0.2f, 0.02f, 0.02f}, 2, 1, 1, 2);
    assertThat(Psnr.mean(images, off)).isCloseTo(30, within(1e-5));
  }

  @Test
  void equalImagesCountAsOneHundred() {
    Tensor images = Tensors.zeros(2, 3, 4, 4);
    assertThat(Psnr.mean(images, images)).isCloseTo(100, within(1e-9));
  }

  @Test
  void uglyInputsAreRefused() {
    Tensor one = Tensors.zeros(1, 1, 1, 1);
    assertThatThrownBy(() -> Psnr.mean(one, Tensors.zeros(1, 1, 1, 2)))
        .hasMessage("reconstructions must have shape (1, 1, 1, 1), got (1, 1, 1, 2)");
    assertThatThrownBy(() -> Psnr.mean(Tensors.zeros(0, 1, 1, 1), Tensors.zeros(0, 1, 1, 1)))
        .hasMessage("images must hold at least 1 image, got shape (0, 1, 1, 1)");
    assertThatThrownBy(() -> Psnr.mean(one, Tensors.of(new float[] {Float.NaN}, 1, 1, 1, 1)))
        .hasMessage("images and reconstructions must be finite, got a PSNR of NaN");
  }
}
