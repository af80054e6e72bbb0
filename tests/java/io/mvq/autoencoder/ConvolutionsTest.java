package io.mvq.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class ConvolutionsTest {
  /** Leaves memory that held NaN to whoever allocates next. */
  private static void soil() {
    List<Tensor> tensors = new ArrayList<>();
    try (PointerScope scope = new PointerScope()) {
      for (long size = 64; size <= 1 << 16; size *= 2) {
        for (int i = 0; i < 8; i++) {
          tensors.add(torch.full(new long[] {size}, new Scalar(Double.NaN)));
        }
      }
    }
  }

  @Test
  void gradientsDoNotDependOnWhatMemoryHeldBefore() {
    for (long out : new long[] {1, 3, 8, 16, 24}) {
      for (int round = 0; round < 20; round++) {
        try (PointerScope scope = new PointerScope()) {
          Conv2dImpl layer = Convolutions.wide(32, out);
          Tensor x = torch.randn(4, 32, 3, 3).set_requires_grad(true);
          soil();
          Convolutions.run(layer, x).mean().backward();
          assertThat(torch.isfinite(x.grad()).all().item_bool()).as("%d channels", out).isTrue();
        }
      }
    }
  }

  @Test
  void addedChannelsChangeNeitherResultNorGradients() {
    for (long out : new long[] {1, 5, 16, 20}) {
      try (PointerScope scope = new PointerScope()) {
        Conv2dImpl layer = Convolutions.same(6, out);
        Tensor x = torch.randn(2, 6, 5, 5);
        Tensor direct = layer.forward(x);
        Tensor run = Convolutions.run(layer, x);
        assertThat(run.sizes().vec().get()).isEqualTo(direct.sizes().vec().get());
        assertThat(torch.allclose(run, direct, 1e-5, 1e-6, false)).isTrue();
        direct.square().sum().backward();
        Tensor wanted = layer.weight().grad().clone();
        layer.zero_grad(true);
        run.square().sum().backward();
        assertThat(torch.allclose(layer.weight().grad(), wanted, 1e-4, 1e-5, false)).isTrue();
      }
    }
  }
}
