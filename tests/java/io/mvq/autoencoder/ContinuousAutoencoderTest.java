package io.mvq.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContinuousAutoencoderTest {
  private static final ImageShape SHAPE = new ImageShape(1, 32);

  @BeforeEach
  void seed() {
    torch.manual_seed(2);
  }

  private static List<ContinuousAutoencoder> models(double noise) {
    return List.of(
        new ContinuousAutoencoder(SHAPE, 16, 0, 2, 9, noise),
        new ContinuousAutoencoder(SHAPE, 16, 4, 16, 8, noise));
  }

  @Test
  void latentsHaveMeanZeroAndVarianceOneAndDecodeToWhatTrainingReconstructs() {
    Tensor images = torch.randn(5, 1, 32, 32);
    for (ContinuousAutoencoder model : models(0.3)) {
      model.eval();
      Tensor z = model.encode(images);
      assertThat(Shapes.of(z)).containsExactly(5, model.latents(), model.codeWidth());
      assertThat(z.requires_grad()).isFalse();
      assertThat(z.mean(2).abs().max().item_double()).isCloseTo(0, within(1e-5));
      assertThat(z.pow(new Scalar(2)).mean(2).sub(new Scalar(1.0)).abs().max().item_double())
          .isLessThan(1e-2);
      Tensor decoded = model.decode(z);
      Tensor reconstructed = Tokens.clamped(model.forward(images, 0).images());
      assertThat(decoded.sub(reconstructed).abs().max().item_float()).isLessThan(1e-3f);
      // A sampler's latents of another mean and scale are the same latents.
      Tensor loose = z.mul(new Scalar(3.0)).add(new Scalar(0.5));
      assertThat(model.decode(loose).sub(decoded).abs().max().item_float()).isLessThan(1e-3f);
    }
  }

  @Test
  void noiseComesInTrainingOnly() {
    Tensor images = torch.randn(5, 1, 32, 32);
    for (double noise : new double[] {0, 0.3}) {
      ContinuousAutoencoder model = models(noise).get(0);
      model.train(true);
      boolean equal =
          torch.equal(model.forward(images, 0).images(), model.forward(images, 0).images());
      assertThat(equal).isEqualTo(noise == 0);
      model.eval();
      assertThat(torch.equal(model.encode(images), model.encode(images))).isTrue();
    }
  }

  @Test
  void aFewStepsLearnToReconstruct() {
    Tensor images = torch.kron(torch.randn(8, 1, 4, 4).tanh(), torch.ones(1, 1, 8, 8)).contiguous();
    for (ContinuousAutoencoder model : models(0.1)) {
      AdamW optimizer = new AdamW(model.parameters(), new AdamWOptions(3e-3));
      double first = 0;
      double last = 0;
      for (int step = 0; step < 60; step++) {
        Tensor loss = torch.mse_loss(model.forward(images, 0).images(), images);
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
        last = loss.item_double();
        first = step == 0 ? last : first;
      }
      assertThat(last).isLessThan(first / 2);
    }
  }

  @Test
  void badArgumentsAreNamed() {
    assertThatThrownBy(() -> new ContinuousAutoencoder(SHAPE, 16, 4, 15, 8, 0))
        .hasMessage("latents must be 16 for a grid of side 4, got 15");
    assertThatThrownBy(() -> new ContinuousAutoencoder(SHAPE, 16, 0, 0, 8, 0))
        .hasMessage("latents must be at least 1, got 0");
    assertThatThrownBy(() -> new ContinuousAutoencoder(SHAPE, 16, 0, 1, 1, 0))
        .hasMessageStartingWith("codeWidth must be at least 2");
    assertThatThrownBy(() -> new ContinuousAutoencoder(SHAPE, 16, 0, 1, 8, Double.NaN))
        .hasMessage("noise must be at least 0, got NaN");
    assertThatThrownBy(() -> models(0).get(0).decode(Tensors.zeros(3, 9, 2)))
        .hasMessage("latents must have shape (any, 2, 9), got (3, 9, 2)");
  }
}
