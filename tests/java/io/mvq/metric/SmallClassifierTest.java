package io.mvq.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.tensor.RandomState;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class SmallClassifierTest {
  @Test
  void itLearnsToTellBrightFromDarkHalves() {
    SmallClassifier classifier = trained(40, 1);
    assertThat(classifier.accuracy()).isGreaterThan(0.9);
    assertThat(classifier.name())
        .isEqualTo(
            String.format(
                Locale.ROOT,
                "small classifier (halves, 2 classes, accuracy %.2f)",
                classifier.accuracy()));
    Tensor features = classifier.features(Tensors.zeros(3, 1, 16, 16));
    assertThat(Shapes.of(features)).containsExactly(3, classifier.width());
    assertThat(features.requires_grad()).isFalse();
  }

  @Test
  void theSeedDecidesAndTheCallersGeneratorIsLeftAlone() {
    RandomState.seed(5);
    float[] expected = Tensors.floats(torch.randn(3));
    RandomState.seed(5);
    SmallClassifier first = trained(3, 1);
    assertThat(Tensors.floats(torch.randn(3))).isEqualTo(expected);
    Tensor images = torch.rand(2, 1, 16, 16);
    float[] features = Tensors.floats(first.features(images));
    assertThat(Tensors.floats(trained(3, 1).features(images))).isEqualTo(features);
    assertThat(Tensors.floats(trained(3, 2).features(images))).isNotEqualTo(features);
  }

  @Test
  void savedWeightsGiveTheSameFeatures() {
    SmallClassifier saved = trained(3, 1);
    SmallClassifier loaded = new SmallClassifier("halves", 1, 2);
    assertThat(loaded.name()).isEqualTo("small classifier (halves, 2 classes, untrained)");
    loaded.load(saved.weights(), saved.accuracy());
    Tensor images = torch.rand(2, 1, 16, 16);
    assertThat(Tensors.floats(loaded.features(images)))
        .isEqualTo(Tensors.floats(saved.features(images)));
    assertThat(loaded.name()).isEqualTo(saved.name());
    assertThatThrownBy(() -> loaded.load(Map.of(), 0.5))
        .hasMessageStartingWith("weights must be named [convolution0.weight,");
    SmallClassifier colour = new SmallClassifier("halves", 3, 2);
    assertThatThrownBy(() -> colour.load(saved.weights(), 0.5))
        .hasMessage("convolution0.weight must have shape (32, 3, 3, 3), got (32, 1, 3, 3)");
  }

  @Test
  void uglyInputsAreRefused() {
    LabelledImages unlabelled =
        new LabelledImages(Tensors.zeros(1, 1, 16, 16), Tensors.of(new long[] {-1}, 1));
    assertThatThrownBy(
            () ->
                SmallClassifier.train(
                    "halves", 1, 2, () -> unlabelled, List.of(unlabelled).iterator(), 1, 1))
        .hasMessage("labels must be 0 to 1, got -1 to -1; a classifier needs labelled images");
    assertThatThrownBy(() -> new SmallClassifier("one", 1, 1))
        .hasMessage("classes must be at least 2, got 1");
    assertThatThrownBy(() -> new SmallClassifier("x", 3, 2).features(Tensors.zeros(1, 1, 16, 16)))
        .hasMessage("images must have shape (any, 3, any, any), got (1, 1, 16, 16)");
    assertThatThrownBy(
            () ->
                SmallClassifier.train(
                    "halves", 1, 2, halves(1)::next, List.<LabelledImages>of().iterator(), 1, 1))
        .hasMessage("heldOut must hold at least 1 image, got none");
  }

  private static SmallClassifier trained(int steps, long seed) {
    Iterator<LabelledImages> batches = halves(7);
    return SmallClassifier.train(
        "halves", 1, 2, batches::next, List.of(halves(8).next()).iterator(), steps, seed);
  }

  /** Noise whose upper (class 0) or lower half (class 1) is brighter; without end. */
  private static Iterator<LabelledImages> halves(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return true;
      }

      @Override
      public LabelledImages next() {
        float[] pixels = new float[32 * 256];
        long[] labels = new long[32];
        for (int i = 0; i < 32; i++) {
          labels[i] = random.nextInt(2);
          for (int p = 0; p < 256; p++) {
            float lit = (p < 128) == (labels[i] == 0) ? 0.5f : 0;
            pixels[i * 256 + p] = (float) random.nextDouble() - 0.5f + lit;
          }
        }
        return new LabelledImages(Tensors.of(pixels, 32, 1, 16, 16), Tensors.of(labels, 32));
      }
    };
  }
}
