package io.mvq.look;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mvq.metric.LabelledImages;
import io.mvq.tensor.Parameters;
import io.mvq.tensor.Tensors;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CriticTest {
  private static final float CANNOT_TELL = (float) Math.log(4);

  @BeforeEach
  void seed() {
    torch.manual_seed(6);
  }

  private static Tensor noise(int n) {
    return torch.randn(n, 1, 16, 16);
  }

  /** Neighbouring columns alike: another texture of about the same histogram. */
  private static Tensor striped(int n) {
    return torch.upsample_nearest2d(torch.randn(n, 1, 16, 8), new long[] {16, 16});
  }

  private static Critic critic(SmallLook look, long seed) {
    return new Critic(look, 0, seed);
  }

  private static Tensor told(Critic critic, Tensor real, Tensor drawn) {
    return critic.judge(new LabelledImages(real, null), drawn).told();
  }

  private static void learn(Critic critic, int steps) {
    try (AdamW optimizer = new AdamW(critic.parameters(), new AdamWOptions(1e-3))) {
      for (int i = 0; i < steps; i++) {
        optimizer.zero_grad();
        told(critic, noise(16), striped(16)).backward();
        optimizer.step();
      }
    }
  }

  @Test
  void itLearnsToTellAndTheLooksMapsWithIt() {
    SmallLook look = SmallLook.untrained(1, 2);
    Critic critic = critic(look, 3);
    Tensor images = noise(2);
    float[] before = Tensors.floats(look.maps(images).get(0));
    assertThat(told(critic, noise(64), striped(64)).item_float())
        .isCloseTo(CANNOT_TELL, within(0.5f));
    learn(critic, 60);
    assertThat(told(critic, noise(64), striped(64)).item_float()).isLessThan(0.8f);
    assertThat(told(critic, noise(64), noise(64)).item_float()).isGreaterThan(CANNOT_TELL);
    assertThat(Tensors.floats(look.maps(images).get(0))).isNotEqualTo(before);
  }

  /** The whole point of constant maps: what is trained against gets no gradient of the score. */
  @Test
  void theScoreGivesItsWeightsNoGradientAndItsLossTheImagesNone() {
    SmallLook look = SmallLook.untrained(1, 2);
    Critic critic = critic(look, 3);
    EnergyScore score = new EnergyScore(new EnergyScore.Weights(0, 1), PixelPatches.DEFAULT, look);
    Tensor drawn = striped(8).set_requires_grad(true);
    score.of(score.see(noise(4)), drawn, 4).backward();
    assertThat(drawn.grad().abs().sum().item_float()).isPositive();
    Map<String, Tensor> weights = Parameters.all(critic);
    weights.forEach((name, weight) -> assertThat(weight.grad().defined()).as(name).isFalse());

    drawn.mutable_grad().zero_();
    told(critic, noise(4), drawn).backward();
    weights.forEach(
        (name, weight) -> assertThat(weight.grad().abs().sum().item_float()).as(name).isPositive());
    assertThat(drawn.grad().abs().sum().item_float()).isZero();
  }

  @Test
  void equalSeedsAreEqualAndTheCallersGeneratorIsLeftAlone() {
    torch.manual_seed(9);
    float expected = torch.rand(1).item_float();
    torch.manual_seed(9);
    List<float[]> once = weights(critic(SmallLook.untrained(1, 2), 3));
    assertThat(torch.rand(1).item_float()).isEqualTo(expected);
    assertThat(weights(critic(SmallLook.untrained(1, 2), 3)))
        .usingRecursiveComparison()
        .isEqualTo(once);
    assertThat(weights(critic(SmallLook.untrained(1, 2), 4)))
        .usingRecursiveComparison()
        .isNotEqualTo(once);
  }

  private static List<float[]> weights(Critic critic) {
    return Parameters.all(critic).values().stream().map(Tensors::floats).toList();
  }

  /** What it was taught it would forget; kept, it learns both at once. */
  @Test
  void classesAreToldOnWhileItLearns() {
    SmallLook look = SmallLook.untrained(1, 2);
    Critic critic = new Critic(look, 2, 3);
    LabelledImages two = twoKinds(32);
    float before = critic.judge(two, striped(4)).classes().item_float();
    try (AdamW optimizer = new AdamW(critic.parameters(), new AdamWOptions(1e-3))) {
      for (int i = 0; i < 120; i++) {
        optimizer.zero_grad();
        Critic.Verdict verdict = critic.judge(twoKinds(32), striped(32));
        verdict.told().add(verdict.classes()).backward();
        optimizer.step();
      }
    }
    assertThat(critic.judge(two, striped(4)).classes().item_float()).isLessThan(before / 2);
    assertThat(critic.judge(two, striped(32)).told().item_float()).isLessThan(1);
    assertThat(critic(look, 3).judge(two, striped(4)).classes()).isNull();
  }

  private static LabelledImages twoKinds(int n) {
    Tensor images = torch.cat(new TensorVector(noise(n / 2), noise(n / 2).mul(new Scalar(0.2))), 0);
    Tensor labels = torch.cat(new TensorVector(torch.zeros(n / 2), torch.ones(n / 2)), 0);
    return new LabelledImages(images, labels.to(torch.ScalarType.Long));
  }

  @Test
  void theLossIsTheMeanOfBothSidesMissesOverTheMaps() {
    Critic critic = critic(SmallLook.untrained(1, 2), 3);
    Parameters.all(critic)
        .forEach(
            (name, weight) -> {
              if (name.startsWith("verdict")) {
                weight.set_requires_grad(false);
                weight.fill_(new Scalar(name.endsWith("bias") ? 1.0 : 0.0));
              }
            });
    double real = Math.log(1 + Math.exp(-1));
    double drawn = Math.log(1 + Math.exp(1));
    assertThat(told(critic, noise(3), noise(5)).item_float())
        .isCloseTo((float) (real + drawn), within(1e-5f));
  }
}
