package io.mvq.hypothesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.kernel.MaskBits;
import io.mvq.tensor.RandomState;
import io.mvq.tensor.Tensors;
import io.mvq.tensor.Views;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MaskPriorTest {
  private static final int MASK_WIDTH = 6;
  private static final double[] SHARES = {0.9, 0.1, 0.5};

  @BeforeEach
  void seed() {
    RandomState.seed(1);
  }

  private static List<MaskPrior> both(long winners) {
    return List.of(
        new BernoulliMasks(new int[] {3, 2}, winners, MASK_WIDTH, 16),
        new AutoregressiveMasks(new int[] {3, 2}, winners, MASK_WIDTH, 16));
  }

  private static Tensor tokens(int n) {
    Tensor first = torch.randint(3, new long[] {n, 1}).to(ScalarType.Long);
    Tensor second = torch.randint(2, new long[] {n, 1}).to(ScalarType.Long);
    return torch.cat(new TensorVector(first, second), 1);
  }

  /** Bits are 1 with the first token's share; an odd second token turns the even bits round. */
  private static Tensor masks(Tensor tokens) {
    float[] chances = new float[(int) tokens.size(0) * MASK_WIDTH];
    long[] values = Tensors.longs(tokens);
    for (int i = 0; i < chances.length; i++) {
      chances[i] =
          (float)
              chance(values[i / MASK_WIDTH * 2], values[i / MASK_WIDTH * 2 + 1], i % MASK_WIDTH);
    }
    return torch
        .rand(tokens.size(0), MASK_WIDTH)
        .lt(Tensors.of(chances, tokens.size(0), MASK_WIDTH))
        .to(ScalarType.Float);
  }

  private static double chance(long first, long second, int bit) {
    double share = SHARES[(int) first];
    return second == 1 && bit % 2 == 0 ? 1 - share : share;
  }

  private interface Batch {
    Tensor masks(Tensor tokens);
  }

  private static void train(MaskPrior prior, int steps, Batch batch) {
    AdamW optimizer = new AdamW(prior.parameters(), new AdamWOptions(1e-2));
    for (int step = 0; step < steps; step++) {
      try (PointerScope inner = new PointerScope()) {
        Tensor tokens = tokens(128);
        optimizer.zero_grad();
        prior.loss(tokens, batch.masks(tokens)).backward();
        optimizer.step();
      }
    }
  }

  @Test
  void bothLearnBitsThatDependOnTheTokensAndSampleThemAsOften() {
    for (MaskPrior prior : both(1)) {
      train(prior, 150, MaskPriorTest::masks);
      Tensor tokens = tokens(2000);
      // A share of .9 or .1 has .325 nats, one of .5 has ln 2; a third of the images each.
      double entropy = (2 * 0.3251 + Math.log(2)) / 3;
      assertThat(Tensors.scalar(prior.loss(tokens, masks(tokens))))
          .isLessThan(Math.log(2) - 0.15)
          .isCloseTo(entropy, within(0.03));
      float[] drawn = Tensors.floats(Views.unpack(prior.sample(tokens, 3)));
      long[] values = Tensors.longs(tokens);
      double[][] sums = new double[6][MASK_WIDTH];
      int[] counts = new int[6];
      for (int i = 0; i < 2000; i++) {
        int kind = (int) (values[2 * i] * 2 + values[2 * i + 1]);
        counts[kind]++;
        for (int bit = 0; bit < MASK_WIDTH; bit++) {
          sums[kind][bit] += drawn[i * MASK_WIDTH + bit];
        }
      }
      for (int kind = 0; kind < 6; kind++) {
        for (int bit = 0; bit < MASK_WIDTH; bit++) {
          assertThat(sums[kind][bit] / counts[kind])
              .as("tokens %s %s, bit %s", kind / 2, kind % 2, bit)
              .isCloseTo(chance(kind / 2, kind % 2, bit), within(0.12));
        }
      }
    }
  }

  /** Two free bits and their parity, twice: 4 nats of ln 2 for 6 bits. */
  private static Tensor parity(Tensor tokens) {
    Tensor free = torch.rand(tokens.size(0), 4).round();
    Tensor one = free.narrow(1, 0, 2);
    Tensor other = free.narrow(1, 2, 2);
    TensorVector parts = new TensorVector(one, odd(one), other);
    parts.push_back(odd(other));
    return torch.cat(parts, 1);
  }

  private static Tensor odd(Tensor bits) {
    return bits.select(1, 0).sub(bits.select(1, 1)).abs().unsqueeze(1);
  }

  @Test
  void onlyTheAutoregressiveLearnsParity() {
    for (MaskPrior prior : both(1)) {
      train(prior, 250, MaskPriorTest::parity);
      Tensor tokens = tokens(500);
      double loss = Tensors.scalar(prior.loss(tokens, parity(tokens)));
      float[] drawn = Tensors.floats(Views.unpack(prior.sample(tokens, 3)));
      int right = 0;
      for (int i = 0; i < drawn.length; i += 3) {
        right += (drawn[i] + drawn[i + 1] + drawn[i + 2]) % 2 == 0 ? 1 : 0;
      }
      if (prior instanceof AutoregressiveMasks) {
        assertThat(loss).isCloseTo(Math.log(2) * 4 / 6, within(0.03));
        assertThat(right).isGreaterThan(960);
      } else {
        assertThat(loss).isGreaterThan(Math.log(2) - 0.01);
        assertThat(right).isBetween(400, 600);
      }
    }
  }

  @Test
  void aBitsLogitDoesNotDependOnItselfOrLaterBits() {
    AutoregressiveMasks prior = new AutoregressiveMasks(new int[] {2}, 1, MASK_WIDTH, 16);
    Tensor context = torch.rand(1, 16);
    Tensor kept = torch.rand(1, MASK_WIDTH).round();
    float[] before = Tensors.floats(prior.logits(context, kept));
    for (int changed = 0; changed < MASK_WIDTH; changed++) {
      Tensor other = kept.clone();
      other.select(1, changed).mul_(new Scalar(-1.0)).add_(new Scalar(1.0));
      float[] after = Tensors.floats(prior.logits(context, other));
      for (int bit = 0; bit < MASK_WIDTH; bit++) {
        if (bit <= changed) {
          assertThat(after[bit]).isCloseTo(before[bit], within(1e-5f));
        } else {
          assertThat(Math.abs(after[bit] - before[bit])).isGreaterThan(1e-4f);
        }
      }
    }
  }

  @Test
  void drawnBitsFollowTheLogitsOfTraining() {
    AutoregressiveMasks prior = new AutoregressiveMasks(new int[] {2}, 2, 5, 16);
    prior.to(ScalarType.Double, false);
    Tensor context = torch.rand(40, 16).to(ScalarType.Double);
    Tensor uniform = torch.rand(40, 10).to(ScalarType.Double);
    Tensor kept = prior.draw(context, uniform);
    Tensor again = uniform.lt(prior.logits(context, kept).sigmoid());
    assertThat(Tensors.floats(again)).isEqualTo(Tensors.floats(kept));
  }

  @Test
  void equalSeedsDrawEqualMasksOneForEachWinner() {
    for (MaskPrior prior : both(4)) {
      prior.train(true);
      Tensor tokens = tokens(10);
      MaskBits first = prior.sample(tokens, 5);
      assertThat(first.count()).isEqualTo(40);
      assertThat(first.bits()).isEqualTo(MASK_WIDTH);
      assertThat(prior.is_training()).isTrue();
      float[] bits = Tensors.floats(Views.unpack(first));
      assertThat(Tensors.floats(Views.unpack(prior.sample(tokens, 5)))).isEqualTo(bits);
      assertThat(Tensors.floats(Views.unpack(prior.sample(tokens, 6)))).isNotEqualTo(bits);
      assertThat(Tensors.scalar(prior.loss(tokens, Views.unpack(first)))).isFinite();
    }
  }

  @Test
  void badArgumentsAreNamed() {
    assertThatThrownBy(() -> new BernoulliMasks(new int[] {3}, 0, 4, 8))
        .hasMessage("winners must be at least 1, got 0");
    assertThatThrownBy(() -> new AutoregressiveMasks(new int[] {3}, 1, 0, 8))
        .hasMessage("maskWidth must be at least 1, got 0");
    assertThatThrownBy(() -> new BernoulliMasks(new int[] {3, 0}, 1, 4, 8))
        .hasMessage("codes must be at least 1 at each position, got [3, 0]");
    MaskPrior prior = both(2).get(0);
    assertThatThrownBy(() -> prior.sample(Tensors.of(new long[] {0, 2}, 1, 2), 1))
        .hasMessage("tokens at position 1 must be in [0, 2), got 2");
    assertThatThrownBy(() -> prior.sample(Tensors.zeros(1, 2), 1))
        .hasMessage("tokens must be of type Long with at least 1 row, got Float with 1");
    assertThatThrownBy(() -> prior.loss(tokens(3), Tensors.zeros(3, MASK_WIDTH)))
        .hasMessage("masks must have shape (6, 6), got (3, 6)");
  }
}
