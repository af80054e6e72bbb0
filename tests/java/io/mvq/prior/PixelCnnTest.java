package io.mvq.prior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.tensor.Parameters;
import io.mvq.tensor.RandomState;
import io.mvq.tensor.Tensors;
import java.util.List;
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

class PixelCnnTest {
  private static final List<TokenMap> MAPS =
      List.of(
          TokenMap.grid(3, 4, 6),
          TokenMap.grid(4, 1, 5),
          TokenMap.row(5, 3, 7, 1, 9),
          new TokenMap(2, 2, List.of(2, 9, 4, 3), false),
          TokenMap.grid(1, 1, 3));

  @BeforeEach
  void seed() {
    RandomState.seed(1);
  }

  /** In double precision, so that no rounding hides or makes a difference, on any CPU. */
  private static PixelCnn prior(TokenMap map, int classes) {
    PixelCnn prior = new PixelCnn(map, classes, 10, 5, 0.1);
    try (NoGradGuard guard = new NoGradGuard()) {
      Parameters.trained(prior).values().forEach(weights -> weights.mul_(new Scalar(2.0)));
    }
    prior.to(ScalarType.Double, false);
    prior.eval();
    return prior;
  }

  private static Tensor tokens(TokenMap map, int n) {
    Tensor tokens = Tensors.longZeros(n, map.positions());
    for (int i = 0; i < map.positions(); i++) {
      Tensor drawn = torch.rand(n).mul(new Scalar(map.codes().get(i)));
      tokens.select(1, i).copy_(drawn.to(ScalarType.Long));
    }
    return tokens;
  }

  @Test
  void cachedLogitsEqualThoseOfTheWholeMap() {
    for (TokenMap map : MAPS) {
      PixelCnn prior = prior(map, 3);
      Tensor tokens = tokens(map, 4);
      Tensor labels = Tensors.of(new long[] {0, 2, 1, 2}, 4);
      TokenPrior.Walk walk = prior.walk(labels);
      for (int i = 0; i < map.positions(); i++) {
        Tensor cached = walk.next(i == 0 ? null : tokens.select(1, i - 1L));
        Tensor whole = prior.logits(tokens, labels, i);
        assertThat(cached.size(1)).isEqualTo(map.codes().get(i).longValue());
        assertThat(torch.max(whole.sub(cached).abs()).item_double())
            .as("%s, position %s", map, i)
            .isLessThan(1e-10);
      }
    }
  }

  @Test
  void aTokenChangesAllLaterLogitsAndNoOther() {
    for (TokenMap map : MAPS) {
      PixelCnn prior = prior(map, 0);
      Tensor tokens = tokens(map, 2);
      for (int p = 0; p < map.positions(); p++) {
        int codes = map.codes().get(p);
        Tensor changed = tokens.clone();
        Tensor other = tokens.select(1, p).add(new Scalar(1L)).remainder(new Scalar((long) codes));
        changed.select(1, p).copy_(other);
        for (int i = 0; i < map.positions(); i++) {
          boolean equal =
              torch.equal(prior.logits(tokens, null, i), prior.logits(changed, null, i));
          // A position with one code can change nothing and be changed only in its single logit.
          assertThat(equal)
              .as("%s: token %s, logits %s", map, p, i)
              .isEqualTo(i <= p || codes == 1);
        }
      }
    }
  }

  @Test
  void theLossIsTheMeanCrossEntropyInNatsOfBothPriorsAndMaps() {
    TokenMap grid = TokenMap.grid(2, 3, 4);
    TokenMap row = TokenMap.row(4, 2, 3, 4, 1, 5);
    for (TokenPrior prior :
        List.of(
            new PixelCnn(grid, 0, 8, 2, 0),
            new TokenTransformer(grid, 0, 8, 1, 2, 0),
            new PixelCnn(row, 0, 8, 2, 0))) {
      Tensor tokens = tokens(prior.map(), 3);
      long[] values = Tensors.longs(tokens);
      double sum = 0;
      for (int i = 0; i < 6; i++) {
        int codes = prior.map().codes().get(i);
        float[] logits = Tensors.floats(prior.logits(tokens, null, i));
        for (int image = 0; image < 3; image++) {
          double total = 0;
          for (int code = 0; code < codes; code++) {
            total += Math.exp(logits[image * codes + code]);
          }
          sum += Math.log(total) - logits[image * codes + (int) values[image * 6 + i]];
        }
      }
      assertThat(Tensors.scalar(prior.loss(tokens, null))).isCloseTo(sum / 18, within(1e-5));
    }
  }

  @Test
  void aRowThatRepeatsTheOneAboveIsLearnedToItsEntropy() {
    PixelCnn prior = new PixelCnn(TokenMap.grid(2, 3, 4), 0, 24, 3, 0);
    AdamW optimizer = new AdamW(prior.parameters(), new AdamWOptions(5e-3));
    double loss = 0;
    for (int step = 0; step < 120; step++) {
      try (PointerScope inner = new PointerScope()) {
        Tensor row = torch.randint(4, new long[] {64, 3}).to(ScalarType.Long);
        Tensor cost = prior.loss(torch.cat(new TensorVector(row, row), 1), null);
        optimizer.zero_grad();
        cost.backward();
        optimizer.step();
        loss = cost.item_double();
      }
    }
    assertThat(loss).isCloseTo(Math.log(4) / 2, within(0.05));
    long[] drawn = Tensors.longs(prior.sample(64, null, Sampling.PLAIN, 5));
    int right = 0;
    for (int i = 0; i < 64 * 3; i++) {
      right += drawn[i / 3 * 6 + i % 3] == drawn[i / 3 * 6 + 3 + i % 3] ? 1 : 0;
    }
    assertThat(right).isGreaterThanOrEqualTo(186);
  }

  @Test
  void theClassIsRespected() {
    PixelCnn prior = new PixelCnn(TokenMap.row(4, 4), 4, 16, 2, 0);
    AdamW optimizer = new AdamW(prior.parameters(), new AdamWOptions(1e-2));
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
    assertThat(Tensors.longs(prior.sample(200, null, Sampling.PLAIN, 1))).contains(0, 1, 2, 3);
  }

  @Test
  void samplesAreInRangeRepeatableAndLeaveTheModeAlone() {
    PixelCnn prior = new PixelCnn(TokenMap.row(5, 3, 7, 1, 9), 0, 8, 2, 0.1);
    prior.train(true);
    long[] first = Tensors.longs(prior.sample(33, null, new Sampling(.9, 5, .95), 7));
    assertThat(prior.is_training()).isTrue();
    assertThat(Tensors.longs(prior.sample(33, null, new Sampling(.9, 5, .95), 7))).isEqualTo(first);
    assertThat(Tensors.longs(prior.sample(33, null, new Sampling(.9, 5, .95), 8)))
        .isNotEqualTo(first);
    for (int i = 0; i < first.length; i++) {
      assertThat(first[i]).isBetween(0L, prior.map().codes().get(i % 5) - 1L);
    }
  }

  @Test
  void impossibleSizesAreNamed() {
    TokenMap map = TokenMap.row(4);
    assertThatThrownBy(() -> new PixelCnn(map, -1, 8, 1, 0))
        .hasMessage("classes must be at least 0, got -1");
    assertThatThrownBy(() -> new PixelCnn(map, 0, 0, 1, 0))
        .hasMessage("width must be at least 1, got 0");
    assertThatThrownBy(() -> new PixelCnn(map, 0, 8, 0, 0))
        .hasMessage("layers must be at least 1, got 0");
    assertThatThrownBy(() -> new PixelCnn(map, 0, 8, 1, 1))
        .hasMessage("dropout must be in [0, 1), got 1.0");
  }
}
