package io.mvq.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.quantize.Codebook;
import io.mvq.quantize.VectorQuantizer;
import io.mvq.quantize.VqBottleneck;
import io.mvq.tensor.Parameters;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReconstructionLossTest {
  private static final ImageShape SHAPE = new ImageShape(3, 32);

  @BeforeEach
  void seed() {
    torch.manual_seed(3);
  }

  private static Autoencoder model() {
    VectorQuantizer quantizer = new VectorQuantizer(8, 16, 0, Codebook.Learning.DEFAULT);
    return new BottleneckAutoencoder(SHAPE, 16, 0, new VqBottleneck(quantizer, 0.25));
  }

  private static ReconstructionLoss.Settings settings(double adversarial, long start, long ramp) {
    return new ReconstructionLoss.Settings(false, 0, adversarial, start, ramp);
  }

  private static List<Float> checksum(Module module) {
    List<Float> sums = new ArrayList<>();
    Parameters.all(module).values().forEach(t -> sums.add(t.detach().abs().sum().item_float()));
    return sums;
  }

  private static Tensor sum(Map<String, Tensor> losses) {
    return losses.values().stream().reduce(Tensor::add).orElseThrow();
  }

  @Test
  void everyPatchOfEveryShapeIsJudged() {
    for (int[] sizes : new int[][] {{3, 64, 6}, {1, 32, 2}, {3, 128, 14}}) {
      ImageShape shape = new ImageShape(sizes[0], sizes[1]);
      PatchDiscriminator discriminator = new PatchDiscriminator(shape, 6);
      assertThat(discriminator.patches()).isEqualTo(sizes[2]);
      Tensor logits = discriminator.forward(torch.randn(5, sizes[0], sizes[1], sizes[1]));
      assertThat(Shapes.of(logits)).containsExactly(5, 1, sizes[2], sizes[2]);
    }
  }

  @Test
  void aPatchIsSeventyPixelsWideAndImagesAreJudgedAlone() {
    PatchDiscriminator discriminator = new PatchDiscriminator(new ImageShape(1, 128), 4);
    Tensor images = torch.randn(2, 1, 128, 128).set_requires_grad(true);
    Tensor logits = discriminator.forward(images);
    logits.select(0, 0).select(0, 0).select(0, 7).select(0, 7).backward();
    assertThat(images.grad().select(0, 1).abs().sum().item_float()).isZero();
    float[] pull = Tensors.floats(images.grad().select(0, 0).select(0, 0).abs().sum(0));
    for (int x = 0; x < 128; x++) {
      boolean inPatch = x >= 33 && x <= 102;
      assertThat(pull[x] > 0).as("%d", x).isEqualTo(inPatch);
    }
  }

  @Test
  void hingeLossesMatchHandWorkedValues() {
    Tensor real = Tensors.of(new float[] {2, 0.5f, -1}, 3);
    Tensor made = Tensors.of(new float[] {-2, 0, 3, -0.5f}, 4);
    // Real: (0 + 0.5 + 2) / 3; made: (0 + 1 + 4 + 0.5) / 4; half of their sum.
    double expected = 0.5 * (2.5 / 3 + 5.5 / 4);
    assertThat(Hinge.discriminator(real, made).item_double()).isCloseTo(expected, within(1e-6));
    assertThat(Hinge.autoencoder(made).item_double()).isCloseTo(-0.125, within(1e-7));
  }

  @Test
  void theAdaptiveWeightIsTheRatioOfGradientNorms() {
    Tensor weight = Tensors.of(new float[] {1, 2}, 2).set_requires_grad(true);
    Tensor reconstruction = weight.pow(new Scalar(2)).sum(); // gradient (2, 4)
    Tensor made = weight.mul(Tensors.of(new float[] {1, 2}, 2));
    Tensor pull = Tensors.of(new float[] {3, 2}, 2); // at the weights (3, 4): norm 5
    Tensor ratio = AdaptiveWeight.of(reconstruction, made, pull, weight);
    assertThat(ratio.item_double()).isCloseTo(Math.sqrt(20) / 5, within(1e-5));
    assertThat(ratio.requires_grad()).isFalse();
    assertThat(weight.grad().defined()).isFalse();
    Tensor none = Tensors.zeros(2);
    assertThat(AdaptiveWeight.of(reconstruction, made, none, weight).item_double()).isEqualTo(1e4);
    Tensor nothing = weight.mul(new Scalar(0.0)).sum();
    assertThat(AdaptiveWeight.of(nothing, made, pull, weight).item_double()).isZero();
    made.sum().add(reconstruction).backward(); // the graphs are still there
    assertThat(Tensors.floats(weight.grad())).containsExactly(3, 6);
  }

  @Test
  void theVerdictComesInAtItsStepAndGrowsInARamp() {
    PatchDiscriminator discriminator = new PatchDiscriminator(SHAPE, 4);
    ReconstructionLoss loss = new ReconstructionLoss(settings(0.8, 10, 4), null, discriminator);
    long[] steps = {0, 9, 10, 11, 13, 14, 1000};
    assertThat(Arrays.stream(steps).mapToDouble(loss::share))
        .containsExactly(0.0, 0.0, 0.0, 0.25, 0.75, 1.0, 1.0);
    assertThat(Arrays.stream(steps).mapToObj(loss::judges))
        .containsExactly(false, false, true, true, true, true, true);
    ReconstructionLoss atOnce = new ReconstructionLoss(settings(0.8, 10, 0), null, discriminator);
    assertThat(atOnce.share(9)).isZero();
    assertThat(atOnce.share(10)).isEqualTo(1);
    assertThat(new ReconstructionLoss(settings(0, 0, 0), null, null).judges(5)).isFalse();
  }

  @Test
  void theAdversarialLossPullsAtTheLastLayerByItsShareOfTheReconstruction() {
    Autoencoder model = model();
    Tensor images = torch.randn(4, 3, 32, 32);
    PatchDiscriminator discriminator = new PatchDiscriminator(SHAPE, 4);
    ReconstructionLoss loss = new ReconstructionLoss(settings(0.8, 10, 4), null, discriminator);
    Autoencoder.Outcome outcome = model.forward(images, 0);
    assertThat(loss.autoencoder(model, outcome, images, 10)).doesNotContainKey("adversarial");
    Map<String, Tensor> losses = loss.autoencoder(model, outcome, images, 12);
    double expected = 0.8 / 1.8 * 0.5 * pull(losses.get("reconstruction"), model);
    assertThat(pull(losses.get("adversarial"), model)).isCloseTo(expected, within(0.01 * expected));
    ReconstructionLoss.Judged judged = loss.discriminator();
    assertThat(judged.parts().keySet()).containsExactly("real", "made", "weight");
    // The same as through the discriminator itself.
    Tensor verdict = Hinge.autoencoder(discriminator.forward(outcome.images()));
    Tensor scale = judged.parts().get("weight").mul(new Scalar(0.8 / 1.8 * 0.5));
    Tensor adversarial = losses.get("adversarial");
    assertThat(adversarial.item_double()).isCloseTo(verdict.mul(scale).item_double(), within(1e-6));
    Tensor straight = gradient(verdict, model).mul(scale);
    assertThat(gradient(adversarial, model).sub(straight).abs().max().item_double())
        .isLessThan(1e-6 + 1e-4 * straight.abs().max().item_double());
  }

  private static double pull(Tensor loss, Autoencoder model) {
    return gradient(loss, model).norm().item_double();
  }

  private static Tensor gradient(Tensor loss, Autoencoder model) {
    return AdaptiveWeight.gradient(loss, model.lastLayer(), new TensorVector());
  }

  @Test
  void neitherSideTouchesTheOthersWeights() {
    Autoencoder model = model();
    PatchDiscriminator discriminator = new PatchDiscriminator(SHAPE, 4);
    ReconstructionLoss loss = new ReconstructionLoss(settings(0.8, 0, 0), null, discriminator);
    Tensor images = torch.randn(4, 3, 32, 32);
    AdamW modelUpdate = new AdamW(model.parameters(), new AdamWOptions(1e-2));
    AdamW discriminatorUpdate = new AdamW(discriminator.parameters(), new AdamWOptions(1e-2));
    for (int step = 0; step < 2; step++) {
      List<Float> model0 = checksum(model);
      List<Float> discriminator0 = checksum(discriminator);
      Autoencoder.Outcome outcome = model.forward(images, 0);
      Tensor total = sum(loss.autoencoder(model, outcome, images, step));
      total.backward();
      assertNoGradients(discriminator);
      modelUpdate.step();
      modelUpdate.zero_grad();
      assertThat(checksum(discriminator)).isEqualTo(discriminator0);
      List<Float> model1 = checksum(model);
      assertThat(model1).isNotEqualTo(model0);

      loss.discriminator().loss().backward();
      assertNoGradients(model);
      discriminatorUpdate.step();
      discriminatorUpdate.zero_grad();
      assertThat(checksum(model)).isEqualTo(model1);
      assertThat(checksum(discriminator)).isNotEqualTo(discriminator0);
    }
  }

  private static void assertNoGradients(Module module) {
    Parameters.trained(module)
        .forEach(
            (name, weight) ->
                assertThat(!weight.grad().defined() || weight.grad().abs().sum().item_float() == 0)
                    .as(name)
                    .isTrue());
  }

  @Test
  void theDiscriminatorLearnsToTellRealFromMade() {
    Autoencoder model = model();
    PatchDiscriminator discriminator = new PatchDiscriminator(SHAPE, 8);
    ReconstructionLoss loss = new ReconstructionLoss(settings(0.8, 0, 0), null, discriminator);
    Tensor images = torch.randn(8, 3, 32, 32);
    AdamW update = new AdamW(discriminator.parameters(), new AdamWOptions(2e-3));
    double first = 0;
    double last = 0;
    for (int step = 0; step < 25; step++) {
      loss.autoencoder(model, model.forward(images, 0), images, step);
      update.zero_grad();
      Tensor cost = loss.discriminator().loss();
      cost.backward();
      update.step();
      last = cost.item_double();
      first = step == 0 ? last : first;
    }
    assertThat(last).isLessThan(first / 3);
  }

  @Test
  void pixelsAndFeaturesAreMeasuredAsAsked() {
    Autoencoder model = model();
    Tensor images = torch.randn(4, 3, 32, 32);
    Autoencoder.Outcome outcome = model.forward(images, 0);
    Tensor error = outcome.images().sub(images);
    PerceptualLoss brightness = (made, real) -> made.mean().sub(real.mean()).abs();
    assertThat(outcome.losses().keySet()).containsExactly("commitment");
    Map<String, Tensor> plain =
        ReconstructionLoss.ofPixels().autoencoder(model, outcome, images, 0);
    assertThat(plain.keySet()).containsExactly("reconstruction", "commitment");
    assertThat(plain.get("reconstruction").item_double())
        .isCloseTo(error.square().mean().item_double(), within(1e-6));
    ReconstructionLoss both =
        new ReconstructionLoss(new ReconstructionLoss.Settings(true, 2, 0, 0, 0), brightness, null);
    Map<String, Tensor> losses = both.autoencoder(model, outcome, images, 0);
    assertThat(losses.keySet()).containsExactly("reconstruction", "commitment", "perceptual");
    assertThat(losses.get("reconstruction").item_double())
        .isCloseTo(error.abs().mean().item_double(), within(1e-6));
    assertThat(losses.get("perceptual").item_double())
        .isCloseTo(2 * Math.abs(error.mean().item_double()), within(1e-6));
    sum(losses).backward();
    assertThat(model.lastLayer().grad().abs().sum().item_double()).isPositive();
  }

  @Test
  void whatIsMissingOrTooSmallIsNamed() {
    assertThatThrownBy(() -> new ReconstructionLoss(settings(0.8, 0, 0), null, null))
        .hasMessage("discriminator must be given for a weight of 0.8, got null");
    assertThatThrownBy(
            () ->
                new ReconstructionLoss(
                    new ReconstructionLoss.Settings(false, 1, 0, 0, 0), null, null))
        .hasMessage("perceptual must be given for a weight of 1.0, got null");
    assertThatThrownBy(() -> new PatchDiscriminator(SHAPE, 0))
        .hasMessage("width must be at least 1, got 0");
    assertThatThrownBy(() -> new PatchDiscriminator(new ImageShape(3, 16), 8))
        .hasMessage("side must be at least 32 for a discriminator of patches, got 16");
    assertThatThrownBy(() -> new PatchDiscriminator(SHAPE, 8).forward(torch.randn(2, 1, 32, 32)))
        .hasMessage("images must have shape (any, 3, 32, 32), got (2, 1, 32, 32)");
  }
}
