package io.mvq.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mvq.kernel.MaskBits;
import io.mvq.tensor.Tensors;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** The bottlenecks without a codebook, against values worked by hand. */
class FiniteLevelsTest {
  @Test
  void oddLevelsAreRoundedSymmetrically() {
    FsqBottleneck five = new FsqBottleneck(List.of(5));
    // tanh(z) * 1.998 for z = -9, -0.5, 0.2, 0.5, 9: -1.998, -0.92, 0.39, 0.92, 1.998.
    Tensor z = Tensors.of(new float[] {-9, -0.5f, 0.2f, 0.5f, 9}, 5, 1);
    Bottleneck.Result result = five.forward(z, 0);
    assertThat(Tensors.longs(result.tokens())).containsExactly(0, 1, 2, 3, 4);
    assertThat(Tensors.floats(result.vectors())).containsExactly(-1, -0.5f, 0, 0.5f, 1);
  }

  @Test
  void evenLevelsHaveOneMoreBelowZero() {
    FsqBottleneck four = new FsqBottleneck(List.of(4));
    Tensor z = Tensors.of(new float[] {-9, -0.8f, 0, 9}, 4, 1);
    Bottleneck.Result result = four.forward(z, 0);
    assertThat(Tensors.longs(result.tokens())).containsExactly(0, 1, 2, 3);
    assertThat(Tensors.floats(result.vectors())).containsExactly(-1, -0.5f, 0, 0.5f);
    FsqBottleneck two = new FsqBottleneck(List.of(2));
    Tensor ends = Tensors.of(new float[] {-9, 9}, 2, 1);
    assertThat(Tensors.longs(two.encode(ends).tokens())).containsExactly(0, 1);
  }

  @Test
  void tokensAreMixedRadixNumbersWithTheFirstDigitLeast() {
    FsqBottleneck fsq = new FsqBottleneck(List.of(3, 4, 5));
    assertThat(fsq.codes()).containsExactly(60);
    // Digits 2, 0, 4: 2 + 3 * 0 + 12 * 4.
    Tensor z = Tensors.of(new float[] {9, -9, 9}, 1, 3);
    assertThat(Tensors.longs(fsq.encode(z).tokens())).containsExactly(50);
    assertThat(Tensors.floats(fsq.lookup(Tensors.of(new long[] {50}, 1, 1), MaskBits.none())))
        .containsExactly(1, -1, 1);
  }

  @Test
  void everyFsqTokenHasAVectorOfItsOwnThatLatentsReach() {
    FsqBottleneck fsq = new FsqBottleneck(List.of(3, 4, 5));
    long[] tokens = LongStream.range(0, 60).toArray();
    float[] vectors = Tensors.floats(fsq.lookup(Tensors.of(tokens, 60, 1), MaskBits.none()));
    double[] levels = {3, 4, 5};
    float[] latents = new float[vectors.length];
    for (int i = 0; i < vectors.length; i++) {
      // The bound undone: atanh((step + offset) / half) - shift.
      double l = levels[i % 3];
      double half = (l - 1) * 0.999 / 2;
      double offset = l == 4 ? 0.5 : 0;
      double inside = (vectors[i] * Math.floor(l / 2) + offset) / half;
      double x = Math.max(-0.999, Math.min(0.999, inside));
      latents[i] = (float) (0.5 * Math.log((1 + x) / (1 - x)) - Math.tan(offset / half));
    }
    assertThat(Tensors.longs(fsq.encode(Tensors.of(latents, 60, 3)).tokens())).isEqualTo(tokens);
  }

  @Test
  void theGradientOfFsqIsThatOfItsBound() {
    FsqBottleneck fsq = new FsqBottleneck(List.of(5));
    Tensor z = Tensors.of(new float[] {0, 0.5f}, 2, 1).set_requires_grad(true);
    fsq.forward(z, 0).vectors().sum().backward();
    // d tanh(z) * 1.998 / 2.
    double slope = 0.999 * (1 - Math.tanh(0.5) * Math.tanh(0.5));
    assertThat(Tensors.floats(z.grad()))
        .containsExactly(new float[] {0.999f, (float) slope}, within(1e-6f));
  }

  @Test
  void lfqBitsAreTheSignsAndZeroIsNegative() {
    LfqBottleneck lfq = new LfqBottleneck(3, 0, 0);
    Tensor z = Tensors.of(new float[] {0.1f, -2, 5, 0, -1, -1e-9f}, 2, 3);
    Bottleneck.Result result = lfq.forward(z, 0);
    assertThat(Tensors.longs(result.tokens())).containsExactly(1 + 4, 0);
    assertThat(Tensors.floats(result.vectors())).containsExactly(1, -1, 1, -1, -1, -1);
    assertThat(lfq.codes()).containsExactly(8);
  }

  @Test
  void theEntropyLossIsThatOverAllCodes() {
    torch.manual_seed(1);
    Tensor z = torch.randn(20, 4).mul(new Scalar(0.3));
    double loss = entropy(new LfqBottleneck(4, 0, 1), z);
    // All 16 codes one by one, in double precision.
    float[] values = Tensors.floats(z);
    double[] mean = new double[16];
    double sure = 0;
    for (int row = 0; row < 20; row++) {
      for (int code = 0; code < 16; code++) {
        double p = 1;
        for (int bit = 0; bit < 4; bit++) {
          double sign = (code >> bit & 1) == 1 ? 1 : -1;
          p *= 1 / (1 + Math.exp(-4 * sign * values[row * 4 + bit]));
        }
        mean[code] += p / 20;
        sure -= p * Math.log(p) / 20;
      }
    }
    double spread = 0;
    for (double p : mean) {
      spread -= p * Math.log(p);
    }
    assertThat(loss).isCloseTo(sure - spread, within(1e-4));
    // Sure of one code for all rows: nothing used, nothing gained. Sure of two: log 2 gained.
    Tensor one = Tensors.of(new float[] {9, 9, 9, 9}, 2, 2);
    Tensor two = Tensors.of(new float[] {9, 9, -9, 9}, 2, 2);
    assertThat(entropy(new LfqBottleneck(2, 0, 1), one)).isCloseTo(0, within(1e-6));
    assertThat(entropy(new LfqBottleneck(2, 0, 1), two)).isCloseTo(-Math.log(2), within(1e-6));
    // Bits 0..7 and 8 in two groups: the log 2 of bit 8 counts too.
    Tensor wide = torch.ones(2, 9).mul(new Scalar(9));
    wide.select(1, 8).select(0, 0).neg_();
    assertThat(entropy(new LfqBottleneck(9, 0, 1), wide)).isCloseTo(-Math.log(2), within(1e-6));
  }

  private static double entropy(Bottleneck bottleneck, Tensor latents) {
    return bottleneck.forward(latents, 0).losses().get("entropy").item_double();
  }
}
