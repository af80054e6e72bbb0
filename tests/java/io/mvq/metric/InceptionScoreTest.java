package io.mvq.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class InceptionScoreTest {
  @Test
  void certainAndEvenlySpreadClassesScoreTheirNumber() {
    InceptionScore score = InceptionScore.of(torch.eye(7).repeat(3, 1), 3);
    assertThat(score.value()).isCloseTo(7, within(1e-9));
    assertThat(score.deviation()).isCloseTo(0, within(1e-9));
  }

  @Test
  void imagesOfNoClassAndOfOneClassScoreOne() {
    Tensor unsure = torch.ones(20, 4).softmax(1);
    assertThat(InceptionScore.of(unsure).value()).isCloseTo(1, within(1e-9));
    Tensor collapsed = torch.eye(4).narrow(0, 2, 1).repeat(20, 1);
    assertThat(InceptionScore.of(collapsed).value()).isCloseTo(1, within(1e-9));
  }

  @Test
  void aWorkedPair() {
    // p(class) = (.75, .25); the divergences are ln 4/3 and (ln 2/3 + ln 2) / 2.
    Tensor rows = Tensors.of(new float[] {1, 0, .5f, .5f}, 2, 2);
    double expected = Math.exp((Math.log(4 / 3.0) + Math.log(4 / 3.0) / 2) / 2);
    assertThat(InceptionScore.of(rows, 1).value()).isCloseTo(expected, within(1e-12));
  }

  @Test
  void splitsScoreAlone() {
    // The first two rows score 2, the last three 1.
    Tensor rows = Tensors.of(new float[] {1, 0, 0, 1, 1, 0, 1, 0, 1, 0}, 5, 2);
    InceptionScore score = InceptionScore.of(rows, 2);
    assertThat(score.value()).isCloseTo(1.5, within(1e-12));
    assertThat(score.deviation()).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void uglyInputsAreRefused() {
    assertThatThrownBy(() -> InceptionScore.of(torch.eye(4)))
        .hasMessage("probabilities must hold at least 10 images for 10 splits, got 4");
    assertThatThrownBy(() -> InceptionScore.of(torch.eye(4), 0))
        .hasMessage("splits must be at least 1, got 0");
    assertThatThrownBy(() -> InceptionScore.of(Tensors.of(new float[] {3, -1}, 1, 2), 1))
        .hasMessage(
            "probabilities must be 0 or more and each row add up to 1, got a least one of -1.00"
                + " and a sum off by 1.00; are they logits? take softmax(1)");
    assertThatThrownBy(() -> InceptionScore.of(Tensors.of(new float[] {Float.NaN}, 1, 1), 1))
        .hasMessage("probabilities must be finite, got NaN or infinity; has the model diverged?");
  }
}
