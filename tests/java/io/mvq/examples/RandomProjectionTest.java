package io.mvq.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.autoencoder.Autoencoder;
import io.mvq.autoencoder.BottleneckAutoencoder;
import io.mvq.autoencoder.ImageShape;
import io.mvq.autoencoder.ReconstructionLoss;
import io.mvq.kernel.MaskBits;
import io.mvq.quantize.Bottleneck;
import io.mvq.recipe.Tokens;
import io.mvq.setting.Settings;
import io.mvq.tensor.Parameters;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The example of CONTRIBUTING.md does what it says. */
class RandomProjectionTest {
  private static final int CODES = 31;
  private static final int WIDTH = 15;

  @BeforeEach
  void seed() {
    torch.manual_seed(3);
  }

  private static RandomProjectionBottleneck token() {
    return new RandomProjectionBottleneck(CODES, WIDTH, 7);
  }

  @Test
  void theCodeNearestInDirectionWins() {
    RandomProjectionBottleneck token = token();
    Tensor rows = torch.randn(65, WIDTH);
    token.initialize(rows);
    float[] x = Tensors.floats(rows);
    float[] a = Tensors.floats(Parameters.all(token).get("projection"));
    float[] c = Tensors.floats(Parameters.all(token).get("directions"));
    long[] found = Tensors.longs(token.encode(rows).tokens());
    for (int n = 0; n < 65; n++) {
      double[] y = new double[7];
      for (int d = 0; d < WIDTH; d++) {
        double mean = 0;
        double square = 0;
        for (int i = 0; i < 65; i++) {
          mean += x[i * WIDTH + d] / 65;
        }
        for (int i = 0; i < 65; i++) {
          square += Math.pow(x[i * WIDTH + d] - mean, 2) / 65;
        }
        for (int p = 0; p < 7; p++) {
          y[p] += (x[n * WIDTH + d] - mean) / Math.sqrt(square) * a[d * 7 + p];
        }
      }
      int best = 0;
      double most = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < CODES; k++) {
        double along = 0;
        for (int p = 0; p < 7; p++) {
          along += y[p] * c[k * 7 + p];
        }
        if (along > most) {
          most = along;
          best = k;
        }
      }
      assertThat(found[n]).as("row %d", n).isEqualTo(best);
    }
  }

  @Test
  void lookupGivesTheVectorsOfTheTrainingPass() {
    Bottleneck tokens = Settings.make(RandomProjection.class, Map.of()).bottleneck(0, 1);
    Tensor latents = torch.randn(33, tokens.inputs());
    tokens.initialize(latents);
    Bottleneck.Result pass = tokens.forward(latents, 0);
    Tensor found = tokens.encode(latents).tokens();
    assertThat(Shapes.of(found)).containsExactly(33, 2);
    assertThat(tokens.codes()).containsExactly(256, 256);
    assertThat(Tensors.longs(found)).isEqualTo(Tensors.longs(pass.tokens()));
    assertThat(Tensors.floats(tokens.lookup(found, MaskBits.none())))
        .isEqualTo(Tensors.floats(pass.vectors()));
  }

  @Test
  void equalSeedsGiveEqualProjectionsThatTrainingLeavesAlone() {
    RandomProjectionBottleneck token = token();
    torch.manual_seed(3);
    assertThat(fixed(token())).isEqualTo(fixed(token));
    assertThat(fixed(token())).as("another token").isNotEqualTo(fixed(token));
    assertThat(Parameters.trained(token)).containsOnlyKeys("embedding.weight");
    assertThat(token.forward(torch.randn(9, WIDTH), 0).vectors().requires_grad()).isTrue();
  }

  private static float[] fixed(RandomProjectionBottleneck token) {
    Map<String, Tensor> all = Parameters.all(token);
    return Tensors.floats(
        torch.cat(
            new TensorVector(all.get("projection").flatten(), all.get("directions").flatten())));
  }

  @Test
  void theGradientPassesStraightThroughToLatentsAndEmbedding() {
    RandomProjectionBottleneck token = new RandomProjectionBottleneck(CODES, WIDTH, 7);
    Tensor latents = torch.randn(9, WIDTH).set_requires_grad(true);
    Bottleneck.Result pass = token.forward(latents, 0);
    Tensor slope = torch.randn(9, WIDTH);
    pass.vectors().mul(slope).sum().backward();
    assertThat(Tensors.floats(latents.grad())).isEqualTo(Tensors.floats(slope));
    Tensor learned = Parameters.trained(token).get("embedding.weight").grad();
    assertThat(learned.sum().item_double()).isCloseTo(slope.sum().item_double(), within(1e-4));
  }

  @Test
  void trainingFollowsTheLatentsAndUseDoesNot() {
    RandomProjectionBottleneck token = token();
    token.eval();
    token.forward(torch.ones(9, WIDTH), 0);
    token.encode(torch.ones(9, WIDTH));
    assertThat(Parameters.all(token).get("mean").sum().item_double()).isZero();
    token.train(true);
    token.forward(torch.ones(9, WIDTH), 0);
    assertThat(Parameters.all(token).get("mean").sum().item_double())
        .isCloseTo(WIDTH / 10.0, within(1e-5));
  }

  @Test
  void normalizedRowsUseManyCodes() {
    Tensor latents = torch.randn(512, WIDTH).mul(new Scalar(0.1)).add(new Scalar(5));
    RandomProjectionBottleneck token = token();
    int before = distinct(Tensors.longs(token.encode(latents).tokens()));
    token.initialize(latents);
    assertThat(distinct(Tensors.longs(token.encode(latents).tokens())))
        .isGreaterThan(CODES / 2)
        .isGreaterThan(2 * before);
  }

  private static int distinct(long[] tokens) {
    Set<Long> seen = new HashSet<>();
    for (long token : tokens) {
      seen.add(token);
    }
    return seen.size();
  }

  @Test
  void aFewStepsLearnToReconstruct() {
    Tensor blocks = torch.randn(8, 1, 4, 4).tanh();
    Tensor images = torch.kron(blocks, torch.ones(1, 1, 8, 8)).contiguous();
    for (int grid : new int[] {0, 8}) {
      Map<String, String> small = Map.of("code-width", "16", "codes", "64");
      Bottleneck tokens = Settings.make(RandomProjection.class, small).bottleneck(grid, 1);
      Autoencoder model = new BottleneckAutoencoder(new ImageShape(1, 32), 16, grid, tokens);
      model.initialize(images);
      AdamW optimizer = new AdamW(model.parameters(), new AdamWOptions(3e-3));
      ReconstructionLoss pixels = ReconstructionLoss.ofPixels();
      double first = 0;
      double last = 0;
      for (int step = 0; step < 120; step++) {
        Map<String, Tensor> losses =
            pixels.autoencoder(model, model.forward(images, 0), images, step);
        optimizer.zero_grad();
        losses.values().stream().reduce(Tensor::add).orElseThrow().backward();
        optimizer.step();
        last = losses.get("reconstruction").item_double();
        first = step == 0 ? last : first;
      }
      assertThat(last).as("grid %d", grid).isLessThan(first / 2);
    }
  }

  @Test
  void limitsNameFlagValueAndLimit() {
    refused("codes", "0", "codes must be at least 1, got 0");
    refused("base-tokens", "0", "base-tokens must be at least 1, got 0");
    refused("secondary-tokens", "-1", "secondary-tokens must be at least 0, got -1");
    refused("code-width", "0", "code-width must be at least 1, got 0");
    refused("projection-width", "65", "projection-width must lie in [1, 64], got 65");
    refused("codes", "many", "codes must be a whole number, got many");
  }

  private static void refused(String flag, String value, String message) {
    assertThatThrownBy(() -> Settings.make(RandomProjection.class, Map.of(flag, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void theRecordHasWhatTokensAsksFor() throws NoSuchMethodException {
    for (Method asked : Tokens.class.getMethods()) {
      if (Modifier.isAbstract(asked.getModifiers()) && !asked.getName().equals("below")) {
        Method has = RandomProjection.class.getMethod(asked.getName(), asked.getParameterTypes());
        assertThat(asked.getReturnType()).isAssignableFrom(has.getReturnType());
      }
    }
    RandomProjection made = Settings.make(RandomProjection.class, Map.of("codes", "8"));
    assertThat(made.below(64)).isEqualTo(new RandomProjection(64, 0, 64, 8, 16));
  }
}
