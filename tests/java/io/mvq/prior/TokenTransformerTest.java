package io.mvq.prior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.tensor.Parameters;
import io.mvq.tensor.RandomState;
import io.mvq.tensor.Tensors;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenTransformerTest {
  private static final int[] CODES = {5, 3, 7, 1, 9};

  @BeforeEach
  void seed() {
    RandomState.seed(1);
  }

  /** Weights larger than initial ones, so that differences show. */
  private static TokenTransformer prior(int classes) {
    TokenTransformer prior = new TokenTransformer(CODES, classes, 24, 3, 4, 0.1);
    try (NoGradGuard guard = new NoGradGuard()) {
      Parameters.trained(prior).values().forEach(weights -> weights.mul_(new Scalar(8.0)));
    }
    prior.eval();
    return prior;
  }

  private static Tensor tokens(int n) {
    Tensor tokens = Tensors.longZeros(n, CODES.length);
    for (int i = 0; i < CODES.length; i++) {
      tokens.select(1, i).copy_(torch.rand(n).mul(new Scalar(CODES[i])).to(ScalarType.Long));
    }
    return tokens;
  }

  @Test
  void cachedLogitsEqualThoseOfTheWholeForward() {
    TokenTransformer prior = prior(4);
    prior.to(ScalarType.Double, false); // no rounding hides or makes a difference, on any CPU
    Tensor tokens = tokens(6);
    Tensor labels = Tensors.of(new long[] {0, 1, 2, 3, 0, 1}, 6);
    TokenPrior.Walk walk = prior.walk(labels);
    for (int i = 0; i < CODES.length; i++) {
      Tensor cached = walk.next(i == 0 ? null : tokens.select(1, i - 1));
      Tensor whole = prior.logits(tokens, labels, i);
      assertThat(cached.size(1)).isEqualTo(CODES[i]);
      assertThat(torch.max(whole.sub(cached).abs()).item_double()).isLessThan(1e-10);
    }
  }

  @Test
  void aLaterTokenDoesNotChangeEarlierLogits() {
    TokenTransformer prior = prior(0);
    Tensor tokens = tokens(4);
    Tensor changed = tokens.clone();
    changed.select(1, 2).copy_(tokens.select(1, 2).add(new Scalar(3L)).remainder(new Scalar(7L)));
    for (int i = 0; i < CODES.length; i++) {
      boolean equal = torch.equal(prior.logits(tokens, null, i), prior.logits(changed, null, i));
      assertThat(equal).as("position %s", i).isEqualTo(i <= 2);
    }
  }

  @Test
  void theLossIsTheMeanCrossEntropyInNats() {
    TokenTransformer prior = prior(0);
    Tensor tokens = tokens(3);
    long[] values = Tensors.longs(tokens);
    double sum = 0;
    for (int i = 0; i < CODES.length; i++) {
      float[] logits = Tensors.floats(prior.logits(tokens, null, i));
      for (int row = 0; row < 3; row++) {
        double total = 0;
        for (int code = 0; code < CODES[i]; code++) {
          total += Math.exp(logits[row * CODES[i] + code]);
        }
        int token = (int) values[row * CODES.length + i];
        sum += Math.log(total) - logits[row * CODES[i] + token];
      }
    }
    assertThat(Tensors.scalar(prior.loss(tokens, null))).isCloseTo(sum / 15, within(1e-5));
  }

  @Test
  void correlatedTokensAreLearnedToNearTheirEntropy() {
    TokenTransformer prior = new TokenTransformer(new int[] {8, 8}, 0, 32, 2, 4, 0);
    AdamW optimizer = new AdamW(prior.parameters(), new AdamWOptions(3e-3));
    double loss = 0;
    for (int step = 0; step < 150; step++) {
      try (PointerScope inner = new PointerScope()) {
        Tensor first = torch.randint(8, new long[] {64, 1}).to(ScalarType.Long);
        Tensor second = first.mul(new Scalar(3L)).remainder(new Scalar(8L));
        Tensor cost = prior.loss(torch.cat(new TensorVector(first, second), 1), null);
        optimizer.zero_grad();
        cost.backward();
        optimizer.step();
        loss = cost.item_double();
      }
    }
    // The first token is uniform, the second follows: ln(8) / 2 nats a token.
    assertThat(loss).isCloseTo(Math.log(8) / 2, within(0.05));
    long[] drawn = Tensors.longs(prior.sample(64, null, Sampling.PLAIN, 5));
    int right = 0;
    for (int row = 0; row < 64; row++) {
      right += drawn[2 * row + 1] == drawn[2 * row] * 3 % 8 ? 1 : 0;
    }
    assertThat(right).isGreaterThanOrEqualTo(62);
  }

  @Test
  void theClassIsRespected() {
    TokenTransformer prior = new TokenTransformer(new int[] {4, 4}, 4, 32, 1, 2, 0);
    AdamW optimizer = new AdamW(prior.parameters(), new AdamWOptions(3e-3));
    for (int step = 0; step < 100; step++) {
      try (PointerScope inner = new PointerScope()) {
        Tensor labels = torch.randint(4, new long[] {64}).to(ScalarType.Long);
        optimizer.zero_grad();
        prior.loss(labels.unsqueeze(1).repeat(1, 2), labels).backward();
        optimizer.step();
      }
    }
    Tensor labels = Tensors.of(new long[] {3, 0, 2, 1}, 4);
    assertThat(Tensors.longs(prior.sample(4, labels, Sampling.GREEDY, 1)))
        .containsExactly(3, 3, 0, 0, 2, 2, 1, 1);
    // Without a class it draws any of them: the start token has seen a tenth of the rows.
    long[] free = Tensors.longs(prior.sample(200, null, Sampling.PLAIN, 1));
    assertThat(free).contains(0, 1, 2, 3);
  }

  /** The class says which of two tokens is likelier, 3 to 1: guidance 2 makes that 9 to 1. */
  @Test
  void guidanceMovesTheOddsAsItsEquationSays() {
    TokenTransformer prior = new TokenTransformer(new int[] {2}, 2, 16, 1, 2, 0);
    AdamW optimizer = new AdamW(prior.parameters(), new AdamWOptions(1e-3));
    Tensor labels = Tensors.of(new long[] {0, 0, 0, 0, 1, 1, 1, 1}, 8).repeat(32);
    Tensor tokens = Tensors.of(new long[] {0, 0, 0, 1, 1, 1, 1, 0}, 8).repeat(32).unsqueeze(1);
    for (int step = 0; step < 400; step++) {
      try (PointerScope inner = new PointerScope()) {
        optimizer.zero_grad();
        prior.loss(tokens, labels).backward();
        optimizer.step();
      }
    }
    double[] guidances = {0, 1, 2};
    double[] expected = {0.5, 0.75, 0.9};
    Tensor ones = Tensors.of(LongStream.generate(() -> 1).limit(4000).toArray(), 4000);
    for (int i = 0; i < guidances.length; i++) {
      long[] drawn =
          Tensors.longs(prior.sample(4000, ones, new Sampling(1, 0, 1, guidances[i]), 3));
      assertThat(Arrays.stream(drawn).average().orElseThrow())
          .as("guidance %s", guidances[i])
          .isCloseTo(expected[i], within(0.05));
    }
  }

  @Test
  void guidanceNeedsAClassAndAPriorThatLearnedWithoutOne() {
    Sampling guided = new Sampling(1, 0, 1, 2);
    assertThatThrownBy(() -> prior(2).sample(3, null, guided, 1))
        .hasMessage("guidance must be 1 where no class is named, got 2.0");
    TokenTransformer always = new TokenTransformer(TokenMap.row(new int[] {4}), 2, 8, 1, 1, 0, 0);
    assertThatThrownBy(() -> always.sample(1, Tensors.longZeros(1), guided, 1))
        .hasMessage(
            "guidance must be 1: this prior never learned without a class; train it with"
                + " --prior-class-dropout above 0, got 2.0");
    assertThatThrownBy(() -> new TokenTransformer(TokenMap.row(new int[] {4}), 2, 8, 1, 1, 0, 1))
        .hasMessage("class dropout must be at least 0 and below 1, got 1.0");
  }

  @Test
  void samplesAreInRangeRepeatableAndLeaveTheModeAlone() {
    TokenTransformer prior = prior(0);
    prior.train(true);
    long[] first = Tensors.longs(prior.sample(33, null, new Sampling(.9, 5, .95), 7));
    assertThat(prior.is_training()).isTrue();
    assertThat(Tensors.longs(prior.sample(33, null, new Sampling(.9, 5, .95), 7))).isEqualTo(first);
    assertThat(Tensors.longs(prior.sample(33, null, new Sampling(.9, 5, .95), 8)))
        .isNotEqualTo(first);
    for (int i = 0; i < first.length; i++) {
      assertThat(first[i]).isBetween(0L, CODES[i % CODES.length] - 1L);
    }
  }

  @Test
  void oneTokenOfOneCodeWorks() {
    TokenTransformer prior = new TokenTransformer(new int[] {1}, 0, 4, 1, 1, 0);
    assertThat(Tensors.longs(prior.sample(2, null, Sampling.PLAIN, 1))).containsExactly(0, 0);
    assertThat(Tensors.scalar(prior.loss(Tensors.longZeros(2, 1), null))).isEqualTo(0);
  }

  @Test
  void badTokensAndLabelsAreNamed() {
    TokenTransformer prior = prior(2);
    Tensor tokens = tokens(3);
    tokens.select(0, 1).select(0, 2).fill_(new Scalar(7L));
    assertThatThrownBy(() -> prior.loss(tokens, null))
        .hasMessage("tokens at position 2 must be in [0, 7), got 7 in row 1");
    tokens.select(0, 1).select(0, 2).fill_(new Scalar(-1L));
    assertThatThrownBy(() -> prior.loss(tokens, null)).hasMessageContaining("got -1 in row 1");
    assertThatThrownBy(() -> prior.loss(Tensors.longZeros(3, 4), null))
        .hasMessage("tokens must have shape (any, 5), got (3, 4)");
    assertThatThrownBy(() -> prior.loss(Tensors.longZeros(0, 5), null))
        .hasMessage("tokens must have at least 1 row, got 0");
    assertThatThrownBy(() -> prior.loss(Tensors.zeros(3, 5), null))
        .hasMessage("tokens must be of type Long, got Float");
    Tensor labels = Tensors.of(new long[] {0, 2, 1}, 3);
    assertThatThrownBy(() -> prior.loss(Tensors.longZeros(3, 5), labels))
        .hasMessage("labels must be in [0, 2), got 2");
    assertThatThrownBy(() -> prior.loss(Tensors.longZeros(2, 5), labels))
        .hasMessage("labels must have shape (2), got (3)");
    assertThatThrownBy(() -> prior(0).loss(Tensors.longZeros(3, 5), labels))
        .hasMessage("labels must be null: this prior has no classes, got a tensor");
    assertThatThrownBy(() -> prior.sample(0, null, Sampling.PLAIN, 1))
        .hasMessage("n must be at least 1, got 0");
    assertThatThrownBy(() -> prior.logits(Tensors.longZeros(3, 5), null, 5))
        .hasMessage("position must be in [0, 5), got 5");
  }

  @Test
  void impossibleSizesAreNamed() {
    assertThatThrownBy(() -> new TokenTransformer(new int[] {4, 0}, 0, 8, 1, 1, 0))
        .hasMessage("codes must be at least 1 at each position, got [4, 0]");
    assertThatThrownBy(() -> new TokenTransformer(new int[] {4}, 0, 8, 1, 3, 0))
        .hasMessage("heads must divide the width 8, got 3");
    assertThatThrownBy(() -> new TokenTransformer(new int[] {4}, 0, 8, 1, 1, 1))
        .hasMessage("dropout must be in [0, 1), got 1.0");
  }
}
