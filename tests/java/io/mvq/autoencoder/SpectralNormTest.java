package io.mvq.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mvq.tensor.Parameters;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SpectralNormTest {
  @BeforeEach
  void seed() {
    torch.manual_seed(11);
  }

  private static double largest(Tensor weight) {
    return torch.linalg_svdvals(weight.detach().flatten(1, -1)).max().item_double();
  }

  private static Conv2dImpl steep(Module owner) {
    Conv2dImpl layer = owner.register_module("layer", Convolutions.halve(3, 8));
    try (NoGradGuard guard = new NoGradGuard()) {
      layer.weight().normal_(0, 5, null).select(0, 2).mul_(new Scalar(4.0));
    }
    return layer;
  }

  @Test
  void theLargestSingularValueIsOneAlsoAfterTheWeightsMoved() {
    Module owner = new Module();
    Conv2dImpl layer = steep(owner);
    SpectralNorm norm = new SpectralNorm(owner, "layer", layer);
    assertThat(largest(layer.weight())).isGreaterThan(50);
    assertThat(largest(norm.weight())).isCloseTo(1, within(0.02));
    try (NoGradGuard guard = new NoGradGuard()) {
      layer.weight().add_(torch.randn(8, 3, 4, 4));
    }
    norm.refine();
    assertThat(largest(norm.weight())).isCloseTo(1, within(0.02));
  }

  /** W / s(W): along W itself nothing changes, so no gradient is left there. */
  @Test
  void gradientsReachTheWeightsButNotTheirScale() {
    Module owner = new Module();
    Conv2dImpl layer = steep(owner);
    SpectralNorm norm = new SpectralNorm(owner, "layer", layer);
    norm.weight().mul(torch.randn(8, 3, 4, 4)).sum().backward();
    Tensor gradient = layer.weight().grad();
    double along = gradient.mul(layer.weight()).sum().item_double();
    double sizes = gradient.norm().item_double() * layer.weight().norm().item_double();
    assertThat(sizes).isGreaterThan(1e-3);
    assertThat(Math.abs(along) / sizes).isLessThan(1e-5);
  }

  @Test
  void theEstimateIsSavedWithTheWeights() {
    Module owner = new Module();
    new SpectralNorm(owner, "layer", steep(owner));
    assertThat(Parameters.buffers(owner)).containsOnlyKeys("layer_left", "layer_right");
  }
}
