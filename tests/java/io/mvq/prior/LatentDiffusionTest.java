package io.mvq.prior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.tensor.RandomState;
import io.mvq.tensor.Tensors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LatentDiffusionTest {
  @BeforeEach
  void seed() {
    RandomState.seed(1);
  }

  @Test
  void theCosineScheduleFallsFromOneToNearlyNothing() {
    NoiseSchedule schedule = new NoiseSchedule(1000);
    assertThat(schedule.kept(-1)).isEqualTo(1);
    for (int s = 0; s < 1000; s++) {
      assertThat(schedule.kept(s)).isBetween(0.0, schedule.kept(s - 1));
    }
    // Halfway, cos^2(pi / 2 * (0.5 + 0.008) / 1.008) over cos^2(pi / 2 * 0.008 / 1.008).
    double half = Math.pow(Math.cos(Math.PI / 2 * 0.508 / 1.008), 2);
    double first = Math.pow(Math.cos(Math.PI / 2 * 0.008 / 1.008), 2);
    assertThat(schedule.kept(499)).isCloseTo(half / first, within(1e-9));
    assertThat(schedule.kept(999)).isLessThan(1e-8);
  }

  @Test
  void noisyLatentsHaveTheMomentsOfTheClosedForm() {
    NoiseSchedule schedule = new NoiseSchedule(100);
    int n = 40_000;
    Tensor latent = Tensors.of(new float[] {3}, 1, 1).expand(n, 1);
    for (int s : new int[] {0, 30, 60, 99}) {
      Tensor step = Tensors.longZeros(n).fill_(new Scalar((long) s));
      Tensor noisy = schedule.noisy(latent, torch.randn(n, 1), step);
      double kept = schedule.kept(s);
      assertThat(Tensors.scalar(noisy.mean())).isCloseTo(3 * Math.sqrt(kept), within(0.02));
      assertThat(Tensors.scalar(noisy.var())).isCloseTo(1 - kept, within(0.025));
    }
  }

  @Test
  void aVelocityTellsTheNoise() {
    NoiseSchedule schedule = new NoiseSchedule(10);
    Tensor latents = torch.randn(10, 3);
    Tensor noise = torch.randn(10, 3);
    Tensor steps = torch.arange(new Scalar(10)).to(torch.ScalarType.Long);
    Tensor noisy = schedule.noisy(latents, noise, steps);
    Tensor told = schedule.noise(noisy, schedule.velocity(latents, noise, steps), steps);
    assertThat(Tensors.scalar(told.sub(noise).abs().max())).isLessThan(1e-5);
  }

  @Test
  void rowsOfDifferentStepsAreMixedByTheirOwn() {
    NoiseSchedule schedule = new NoiseSchedule(10);
    Tensor noisy =
        schedule.noisy(
            Tensors.of(new float[] {1, 1, 1}, 3, 1),
            Tensors.zeros(3, 1),
            Tensors.of(new long[] {9, 0, 4}, 3));
    float[] values = Tensors.floats(noisy);
    assertThat(values[0]).isCloseTo((float) Math.sqrt(schedule.kept(9)), within(1e-6f));
    assertThat(values[1]).isCloseTo((float) Math.sqrt(schedule.kept(0)), within(1e-6f));
    assertThat(values[2]).isCloseTo((float) Math.sqrt(schedule.kept(4)), within(1e-6f));
  }

  @Test
  void aDenoiserThatKnowsAGaussianReproducesItsMeanAndVariance() {
    NoiseSchedule schedule = new NoiseSchedule(1000);
    double mean = 0.7;
    double variance = 0.36;
    Denoiser knowing =
        (noisy, step) -> {
          double kept = schedule.kept((int) step.select(0, 0).item_long());
          double all = kept * variance + 1 - kept;
          return noisy
              .sub(new Scalar(Math.sqrt(kept) * mean))
              .mul(new Scalar(Math.sqrt(1 - kept) / all));
        };
    Tensor start = torch.randn(20_000, 1);
    for (double bound : new double[] {6, Double.POSITIVE_INFINITY}) {
      Tensor drawn = new Ddim(schedule, 200, bound).from(start, knowing);
      assertThat(Tensors.scalar(drawn.mean())).isCloseTo(mean, within(0.02));
      assertThat(Tensors.scalar(drawn.var())).isCloseTo(variance, within(0.02));
    }
    // One step goes straight to the estimate, which is all but the mean itself.
    Tensor once = new Ddim(schedule, 1, 6).from(start, knowing);
    assertThat(Tensors.scalar(once.mean())).isCloseTo(mean, within(0.01));
    assertThat(Tensors.scalar(once.var())).isLessThan(1e-4);
  }

  @Test
  void estimatesStayInTheirBound() {
    Denoiser wrong = (noisy, step) -> noisy.mul(new Scalar(-5.0));
    Tensor drawn = new Ddim(new NoiseSchedule(1000), 10, 2).from(torch.randn(50, 3), wrong);
    assertThat(Tensors.scalar(drawn.abs().max())).isLessThanOrEqualTo(2.0001);
  }

  @ParameterizedTest
  @EnumSource
  void aTwoPointDistributionIsLearnedFromBothSides(Prediction prediction) {
    LatentDiffusion prior = new LatentDiffusion(1, 2, 32, 2, 100, prediction);
    // (5, -1) and (9, 1): the floats go together, and are neither centred nor of one scale.
    Tensor points = Tensors.of(new float[] {5, -1, 9, 1}, 2, 1, 2);
    // Standardised on more than they: the sampler's bound must not lead to the points by itself.
    prior.standardise(Tensors.of(new float[] {3, -2, 11, 2}, 2, 1, 2));
    AdamW optimizer = new AdamW(prior.parameters(), new AdamWOptions(3e-3));
    for (int step = 0; step < 400; step++) {
      try (PointerScope inner = new PointerScope()) {
        optimizer.zero_grad();
        prior.loss(points.repeat(64, 1, 1)).backward();
        optimizer.step();
      }
    }
    float[] drawn = Tensors.floats(prior.sample(200, 25, 3));
    int low = 0;
    int high = 0;
    for (int i = 0; i < 200; i++) {
      low += Math.hypot((drawn[2 * i] - 5) / 2, drawn[2 * i + 1] + 1) < 0.5 ? 1 : 0;
      high += Math.hypot((drawn[2 * i] - 9) / 2, drawn[2 * i + 1] - 1) < 0.5 ? 1 : 0;
    }
    assertThat(low + high).isGreaterThan(180);
    assertThat(low).isBetween(60, 140);
  }

  @Test
  void equalSeedsSampleEqualLatents() {
    LatentDiffusion prior = new LatentDiffusion(3, 2, 8, 1, 20, Prediction.VELOCITY);
    prior.train(true);
    Tensor first = prior.sample(4, 5, 7);
    assertThat(first.sizes().vec().get()).containsExactly(4, 3, 2);
    assertThat(prior.is_training()).isTrue();
    assertThat(Tensors.floats(prior.sample(4, 5, 7))).isEqualTo(Tensors.floats(first));
    assertThat(Tensors.floats(prior.sample(4, 5, 8))).isNotEqualTo(Tensors.floats(first));
  }

  @Test
  void aFloatThatNeverChangesIsKept() {
    LatentDiffusion prior = new LatentDiffusion(1, 2, 8, 1, 20, Prediction.VELOCITY);
    prior.standardise(Tensors.of(new float[] {4, 1, 4, 3}, 2, 1, 2));
    assertThat(Tensors.scalar(prior.loss(Tensors.of(new float[] {4, 2}, 1, 1, 2)))).isFinite();
    float[] drawn = Tensors.floats(prior.sample(50, 5, 1));
    for (int i = 0; i < 50; i++) {
      assertThat(drawn[2 * i]).isBetween(3f, 5f);
    }
  }

  @Test
  void badArgumentsAreNamed() {
    assertThatThrownBy(() -> new LatentDiffusion(0, 2, 8, 1, 20, Prediction.VELOCITY))
        .hasMessage("t must be at least 1, got 0");
    assertThatThrownBy(() -> new LatentDiffusion(1, 2, 7, 1, 20, Prediction.VELOCITY))
        .hasMessage("width must be even, at least 2, got 7");
    assertThatThrownBy(() -> new LatentDiffusion(1, 2, 8, 1, 0, Prediction.VELOCITY))
        .hasMessage("steps must be at least 1, got 0");
    LatentDiffusion prior = new LatentDiffusion(1, 2, 8, 1, 20, Prediction.VELOCITY);
    assertThatThrownBy(() -> prior.sample(0, 5, 1)).hasMessage("n must be at least 1, got 0");
    assertThatThrownBy(() -> prior.sample(1, 21, 1))
        .hasMessage("steps must be in 1..20, the steps of training, got 21");
    assertThatThrownBy(() -> prior.loss(Tensors.zeros(3, 2)))
        .hasMessage("latents must have shape (any, 1, 2), got (3, 2)");
    assertThatThrownBy(() -> prior.loss(Tensors.zeros(0, 1, 2)))
        .hasMessage("latents must have at least 1 row, got 0");
    assertThatThrownBy(() -> prior.standardise(Tensors.zeros(1, 1, 2)))
        .hasMessage("latents must have at least 2 rows, got 1");
    assertThatThrownBy(() -> new Ddim(new NoiseSchedule(5), 5, Double.NaN))
        .hasMessage("bound must be greater than 0, got NaN");
  }
}
