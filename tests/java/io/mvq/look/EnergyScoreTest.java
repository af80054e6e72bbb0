package io.mvq.look;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EnergyScoreTest {
  private static final EnergyScore PIXELS =
      new EnergyScore(new EnergyScore.Weights(1, 0), new PixelPatches(1, List.of(1)), null);

  /** Maps that are the images themselves, and half of them. */
  private record Mirror() implements Look {
    @Override
    public String name() {
      return "mirror";
    }

    @Override
    public void check(long channels, long side) {
      if (channels != 2) {
        throw new IllegalArgumentException("mirror sees 2 channels, got " + channels);
      }
    }

    @Override
    public List<Tensor> maps(Tensor images) {
      return List.of(images, images.flip(2));
    }
  }

  @BeforeEach
  void seed() {
    torch.manual_seed(5);
  }

  private static Tensor points(float... values) {
    return Tensors.of(values, values.length / 2, 2, 1, 1);
  }

  private static double score(Tensor x, Tensor y) {
    return EnergyScore.score(x, y, x.size(0), Lengths::mean).item_double();
  }

  @Test
  void oneTwoAndThreeDrawsMatchAHandWorkedTable() {
    Tensor x = points(0, 0);
    assertThat(score(x, points(3, 4))).isCloseTo(5, within(2e-3));
    // (5 + 0) / 2 - 5 / 2
    assertThat(score(x, points(3, 4, 0, 0))).isCloseTo(0, within(2e-3));
    // (5 + 10 + 0) / 3 - (5 + 5 + 10) / 6
    assertThat(score(x, points(3, 4, 6, 8, 0, 0))).isCloseTo(5 / 3.0, within(3e-3));
    // Draw by draw: the images' own two draws are (3, 4), (0, 0) and (1, 0), (1, 2).
    Tensor two = points(0, 0, 1, 1);
    double second = (1 + 1) / 2.0 - 2 / 2.0;
    assertThat(score(two, points(3, 4, 1, 0, 0, 0, 1, 2)))
        .isCloseTo((0 + second) / 2, within(3e-3));
  }

  @Test
  void twoGaussiansScoreAsTheirClosedFormSays() {
    int n = 200_000;
    Tensor x = torch.randn(n, 1, 1, 1).mul(new Scalar(0.5)).add(new Scalar(1.0));
    for (int m : new int[] {2, 3}) {
      Tensor y = torch.randn((long) m * n, 1, 1, 1).mul(new Scalar(2.0)).sub(new Scalar(0.5));
      // |x - y| of N(1.5, 0.25 + 4); |y - y'| of N(0, 8).
      double expected = absolute(1.5, 4.25) - 0.5 * absolute(0, 8);
      assertThat(score(x, y)).isCloseTo(expected, within(0.02));
    }
  }

  /** E|z| of a Gaussian, with the error function by its series. */
  private static double absolute(double mean, double variance) {
    double a = mean / Math.sqrt(2 * variance);
    double erf = 0;
    double term = a;
    for (int i = 0; i < 60; i++) {
      erf += term / (2 * i + 1);
      term *= -a * a / (i + 1);
    }
    erf *= 2 / Math.sqrt(Math.PI);
    return Math.sqrt(2 * variance / Math.PI) * Math.exp(-a * a) + mean * erf;
  }

  /** Learns y = place + spread * noise from x = 1 + 2 * noise; the spread it ends with. */
  private static double learnedSpread(int m, boolean squares) {
    Tensor place = torch.zeros(1).set_requires_grad(true);
    Tensor spread = torch.ones(1).set_requires_grad(true);
    AdamW optimizer = new AdamW(new TensorVector(place, spread), new AdamWOptions(0.03));
    for (int step = 0; step < 500; step++) {
      Tensor x = torch.randn(256, 1, 1, 1).mul(new Scalar(2.0)).add(new Scalar(1.0));
      Tensor y = torch.randn(256L * m, 1, 1, 1).mul(spread).add(place);
      Tensor loss = squares ? torch.mse_loss(y, x) : EnergyScore.score(x, y, 256, Lengths::mean);
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
    }
    assertThat(place.item_double()).isCloseTo(1, within(0.3));
    return Math.abs(spread.item_double());
  }

  @Test
  void itsMinimumIsTheDistributionWhereSquaresAndOneDrawOnlyFindTheMiddle() {
    assertThat(learnedSpread(2, false)).isCloseTo(2, within(0.25));
    assertThat(learnedSpread(4, false)).isCloseTo(2, within(0.25));
    assertThat(learnedSpread(1, false)).isLessThan(0.3);
    assertThat(learnedSpread(1, true)).isLessThan(0.3);
  }

  @Test
  void theGradientIsFiniteWhereAllIsEqualAndZeroThere() {
    Tensor x = torch.zeros(3, 2, 4, 4);
    Tensor y = torch.zeros(6, 2, 4, 4).set_requires_grad(true);
    EnergyScore both =
        new EnergyScore(
            new EnergyScore.Weights(1, 1), new PixelPatches(2, List.of(1, 3)), new Mirror());
    Tensor score = both.of(both.see(x), y, 3);
    score.backward();
    assertThat(score.item_double()).isCloseTo(0, within(1e-6));
    assertThat(Tensors.floats(y.grad())).containsOnly(0f);
  }

  @Test
  void mapsAreScaledToLengthOneWeightedAndSummed() {
    Tensor x = points(2, 0);
    Tensor y = points(0, 3); // unit vectors sqrt(2) apart in both maps
    EnergyScore each =
        new EnergyScore(
            new EnergyScore.Weights(0, 2), PixelPatches.DEFAULT, new Mirror(), List.of(1.0, 0.5));
    assertThat(each.of(each.see(x), y, 1).item_double())
        .isCloseTo(2 * 1.5 * Math.sqrt(2), within(5e-3));
    EnergyScore wrong =
        new EnergyScore(
            new EnergyScore.Weights(0, 2), PixelPatches.DEFAULT, new Mirror(), List.of(1.0));
    assertThatThrownBy(() -> wrong.of(wrong.see(x), y, 1))
        .hasMessage("mirror has 2 maps, got 1 weights");
  }

  @Test
  void patchesAreRootsOfMeanSquaresAtEveryScale() {
    Tensor even = torch.full(new long[] {2, 3, 8, 8}, new Scalar(2.0));
    assertThat(PixelPatches.DEFAULT.length(even).item_double()).isCloseTo(2, within(2e-3));
    // Columns of -1 and 1 vanish at half size.
    Tensor columns = torch.ones(1, 1, 4, 4);
    columns.select(3, 0).fill_(new Scalar(-1.0));
    columns.select(3, 2).fill_(new Scalar(-1.0));
    assertThat(new PixelPatches(2, List.of(1)).length(columns).item_double())
        .isCloseTo(0.5, within(2e-3));
    // Of a 3x3 image with one pixel of 3: 1/9 of the pixels, and one patch of sqrt(9 / 9).
    Tensor dot = torch.zeros(1, 1, 3, 3);
    dot.select(3, 1).select(2, 1).fill_(new Scalar(3.0));
    assertThat(new PixelPatches(1, List.of(1, 3, 7)).length(dot).item_double())
        .isCloseTo((3 / 9.0 + 1) / 2, within(2e-3));
  }

  @Test
  void realImagesHaveNoGraphAndMayBeMoreThanThoseDrawnFor() {
    Tensor x = torch.randn(4, 1, 2, 2).set_requires_grad(true);
    Tensor y = torch.randn(6, 1, 2, 2).set_requires_grad(true);
    EnergyScore.Seen seen = PIXELS.see(x);
    PIXELS.of(seen, y, 3).backward();
    assertThat(x.grad().defined()).isFalse();
    assertThat(y.grad().abs().sum().item_double()).isPositive();
    Tensor three = x.detach().narrow(0, 0, 3);
    assertThat(PIXELS.of(PIXELS.see(three), y, 3).item_double())
        .isEqualTo(PIXELS.of(seen, y, 3).item_double());
  }

  @Test
  void whatCannotBeScoredIsNamed() {
    assertThatThrownBy(() -> new EnergyScore.Weights(0, 0))
        .hasMessageContaining("one of them above, got patches 0.0 and look 0.0");
    assertThatThrownBy(() -> new EnergyScore.Weights(Double.NaN, 1))
        .hasMessageContaining("got patches NaN");
    EnergyScore.Weights none = new EnergyScore.Weights(1, 0);
    assertThatThrownBy(() -> new EnergyScore(none, PixelPatches.DEFAULT, new Mirror()))
        .hasMessage("the weight of the look must be above 0 for mirror, got 0");
    EnergyScore.Weights some = new EnergyScore.Weights(1, 0.5);
    assertThatThrownBy(() -> new EnergyScore(some, PixelPatches.DEFAULT, null))
        .hasMessage("a look must be given for a weight of 0.5, got none");
    EnergyScore score = new EnergyScore(some, PixelPatches.DEFAULT, new Mirror());
    assertThatThrownBy(() -> score.check(1, 32)).hasMessage("mirror sees 2 channels, got 1");
    assertThatThrownBy(() -> score.check(2, 4))
        .hasMessage("images must be at least 8 pixels wide for 4 scales of patches, got 4");
    Tensor x = torch.zeros(2, 1, 2, 2);
    assertThatThrownBy(() -> PIXELS.of(PIXELS.see(x), torch.zeros(3, 1, 2, 2), 2))
        .hasMessageContaining("at most the 2 real images; got 3 draws for n = 2");
    assertThatThrownBy(() -> new PixelPatches(1, List.of(2)))
        .hasMessage("widths must be odd, at least one of them, got [2]");
    assertThatThrownBy(() -> new PixelPatches(0, List.of(1)))
        .hasMessage("scales must be at least 1, got 0");
  }
}
