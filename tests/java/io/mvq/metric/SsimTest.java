package io.mvq.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.tensor.RandomState;
import io.mvq.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class SsimTest {
  @Test
  void equalImagesAreOne() {
    RandomState.seed(2);
    Tensor images = torch.rand(2, 3, 16, 16).mul(new Scalar(2.0)).sub(new Scalar(1.0));
    assertThat(Ssim.mean(images, images)).isCloseTo(1, within(1e-12));
  }

  @Test
  void flatImagesDifferByTheirLightAlone() {
    // 0 and 0.2 are 0.5 and 0.6 of the range: (2 * .3 + .0001) / (.25 + .36 + .0001).
    Tensor flat = Tensors.zeros(1, 1, 11, 11);
    assertThat(Ssim.mean(flat, flat.add(new Scalar(0.2)))).isCloseTo(0.6001 / 0.6101, within(1e-7));
  }

  @Test
  void itIsWhatDoubleLoopsGive() {
    RandomState.seed(2);
    Tensor a = torch.rand(2, 3, 13, 12).mul(new Scalar(2.0)).sub(new Scalar(1.0));
    Tensor b = a.add(torch.randn(2, 3, 13, 12).mul(new Scalar(0.3)));
    float[] x = Tensors.floats(a);
    float[] y = Tensors.floats(b);
    double sum = 0;
    for (int plane = 0; plane < 6; plane++) {
      for (int top = 0; top < 3; top++) {
        for (int left = 0; left < 2; left++) {
          sum += window(x, y, plane * 13 * 12 + top * 12 + left);
        }
      }
    }
    assertThat(Ssim.mean(a, b)).isCloseTo(sum / (6 * 3 * 2), within(1e-9));
    assertThat(Ssim.mean(a, b)).isBetween(0.2, 0.95);
  }

  /** Equation 13 of the paper at one window of images 12 pixels wide. */
  private static double window(float[] x, float[] y, int corner) {
    double all = 0;
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < 121; i++) {
      double weight = weight(i);
      all += weight;
      meanX += weight * (x[place(corner, i)] + 1) / 2;
      meanY += weight * (y[place(corner, i)] + 1) / 2;
    }
    meanX /= all;
    meanY /= all;
    double varianceX = 0;
    double varianceY = 0;
    double covariance = 0;
    for (int i = 0; i < 121; i++) {
      double apartX = (x[place(corner, i)] + 1.0) / 2 - meanX;
      double apartY = (y[place(corner, i)] + 1.0) / 2 - meanY;
      varianceX += weight(i) / all * apartX * apartX;
      varianceY += weight(i) / all * apartY * apartY;
      covariance += weight(i) / all * apartX * apartY;
    }
    return (2 * meanX * meanY + 1e-4)
        * (2 * covariance + 9e-4)
        / ((meanX * meanX + meanY * meanY + 1e-4) * (varianceX + varianceY + 9e-4));
  }

  private static int place(int corner, int i) {
    return corner + i / 11 * 12 + i % 11;
  }

  private static double weight(int i) {
    int down = i / 11 - 5;
    int across = i % 11 - 5;
    return Math.exp(-(down * down + across * across) / 4.5);
  }

  @Test
  void uglyInputsAreRefused() {
    Tensor small = Tensors.zeros(1, 1, 11, 10);
    assertThatThrownBy(() -> Ssim.mean(small, small))
        .hasMessage(
            "images must hold at least 1 image of 11 x 11 pixels or more, got shape (1, 1, 11, 10)");
    Tensor none = Tensors.zeros(0, 1, 11, 11);
    assertThatThrownBy(() -> Ssim.mean(none, none)).hasMessageContaining("(0, 1, 11, 11)");
    Tensor one = Tensors.zeros(1, 1, 11, 11);
    assertThatThrownBy(() -> Ssim.mean(one, Tensors.zeros(1, 3, 11, 11)))
        .hasMessage("reconstructions must have shape (1, 1, 11, 11), got (1, 3, 11, 11)");
    assertThatThrownBy(() -> Ssim.mean(one, one.div(new Scalar(0.0))))
        .hasMessage("images and reconstructions must be finite, got an SSIM of NaN");
  }
}
