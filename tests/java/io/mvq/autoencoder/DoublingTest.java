package io.mvq.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class DoublingTest {
  @Test
  void repeatsPixelsAndConvolves() {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(1);
      for (int out : new int[] {1, 3, 16}) {
        Doubling doubling = new Doubling(5, out);
        Tensor x = torch.randn(2, 5, 3, 4).set_requires_grad(true);
        Tensor made = doubling.forward(x);
        made.square().sum().backward();
        Tensor pull = x.grad().clone();
        Tensor kernelPull = doubling.weight().grad().clone();
        x.grad().zero_();
        doubling.zero_grad(true);

        Tensor large = torch.upsample_nearest2d(x, 6, 8);
        long[] one = {1, 1};
        Tensor wanted =
            torch.conv2d(
                large, doubling.weight(), new TensorOptional(doubling.bias()), one, one, one, 1);
        wanted.square().sum().backward();
        assertThat(made.sizes().vec().get()).containsExactly(2, out, 6, 8);
        assertThat(torch.allclose(made, wanted, 1e-4, 1e-5, false)).isTrue();
        assertThat(torch.allclose(pull, x.grad(), 1e-4, 1e-4, false)).isTrue();
        assertThat(torch.allclose(kernelPull, doubling.weight().grad(), 1e-4, 1e-3, false))
            .isTrue();
      }
    }
  }

  @Test
  void aConstantMapLeavesNoRaster() {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(1);
      Tensor map = torch.full(new long[] {1, 8, 6, 6}, new Scalar(0.7));
      Tensor inner = new Doubling(8, 3).forward(map).narrow(2, 1, 10).narrow(3, 1, 10);
      assertThat(inner.std(new long[] {2, 3}, false, false).max().item_double()).isLessThan(1e-5);
    }
  }
}
