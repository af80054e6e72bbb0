package io.mvq.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.kernel.MaskBits;
import io.mvq.quantize.NoisyTokens.Noise;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NoisyTokensTest {
  private static final int WIDTH = 5;
  private static final int ROWS = 400;

  private static NoisyTokens tokens(Noise noise) {
    torch.manual_seed(4);
    VectorQuantizer quantizer = new VectorQuantizer(7, 3, 0, Codebook.Learning.DEFAULT);
    NoisyTokens tokens = new NoisyTokens(new VqBottleneck(quantizer, 0.25), noise, WIDTH, 9);
    tokens.initialize(torch.randn(ROWS, tokens.inputs()));
    return tokens;
  }

  private static float[] noise(Tensor vectors) {
    return Tensors.floats(vectors.narrow(1, 3, WIDTH).contiguous());
  }

  @ParameterizedTest
  @EnumSource(Noise.class)
  void aPassDecodesTheMeanAndItsDrawsHaveMeanZeroAndVarianceOne(Noise noise) {
    NoisyTokens tokens = tokens(noise);
    Bottleneck.Result result = tokens.forward(torch.randn(ROWS, tokens.inputs()), 0);
    assertThat(noise(result.vectors())).containsOnly(0);
    Tensor drawn = result.redraw().vectors(ROWS, 2, 11, 0);
    assertThat(Shapes.of(drawn)).containsExactly(2 * ROWS, 3 + WIDTH);
    Tensor values = drawn.narrow(1, 3, WIDTH);
    assertThat(values.mean().item_float()).isCloseTo(0, within(0.05f));
    assertThat(values.square().mean().item_float()).isCloseTo(1, within(0.06f));
    float kurtosis = values.pow(new org.bytedeco.pytorch.Scalar(4)).mean().item_float();
    assertThat(kurtosis).isCloseTo(noise == Noise.BITS ? 1 : 2.875f, within(0.3f));
  }

  @Test
  void drawsOfARowAreOfItsTokensAndItsPlaceInTheStream() {
    NoisyTokens tokens = tokens(Noise.BITS);
    Tensor latents = torch.randn(6, tokens.inputs());
    tokens.eval();
    Bottleneck.Result result = tokens.forward(latents, 0);
    Tensor all = result.redraw().vectors(6, 2, 11, 0);
    Tensor codes = result.vectors().narrow(1, 0, 3);
    assertThat(torch.equal(all.narrow(0, 6, 6).narrow(1, 0, 3), codes)).isTrue();
    Tensor later = result.redraw().vectors(2, 2, 11, 3);
    assertThat(noise(later.narrow(0, 0, 2))).isEqualTo(noise(all.narrow(0, 3, 2)));
    assertThat(noise(all.narrow(0, 0, 6))).isNotEqualTo(noise(all.narrow(0, 6, 6)));
  }

  @Test
  void lookupGivesTheCodesBesideTheBitsAsValues() {
    NoisyTokens tokens = tokens(Noise.BITS);
    Encoding encoding = tokens.encode(torch.randn(2, tokens.inputs()));
    MaskBits masks = MaskBits.allocate(2, WIDTH);
    masks.words().put(0, 0b00101);
    masks.words().put(1, 0b11111);
    Tensor vectors = tokens.lookup(encoding.tokens(), masks);
    assertThat(noise(vectors)).containsExactly(1, -1, 1, -1, -1, 1, 1, 1, 1, 1);
  }

  @Test
  void encodingNamesNoWinnersAndRepeats() {
    NoisyTokens tokens = tokens(Noise.GAUSSIAN);
    Tensor latents = torch.randn(4, tokens.inputs());
    Encoding once = tokens.encode(latents);
    Encoding again = tokens.encode(latents);
    assertThat(tokens.maskBits()).isZero();
    assertThat(once.masks().bits()).isEqualTo(16L * WIDTH);
    assertThat(noise(tokens.lookup(once.tokens(), once.masks())))
        .isEqualTo(noise(tokens.lookup(again.tokens(), again.masks())));
  }

  @Test
  void masksAndAPositiveWidthAreNeeded() {
    NoisyTokens tokens = tokens(Noise.BITS);
    Tensor indices = tokens.encode(torch.randn(2, tokens.inputs())).tokens();
    assertThatThrownBy(() -> tokens.lookup(indices, MaskBits.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("masks must be given");
    assertThatThrownBy(() -> new NoisyTokens(tokens, Noise.BITS, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("width must be at least 1, got 0");
    assertThatThrownBy(() -> new NoisyTokens(tokens, Noise.BITS, 2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no masks");
  }
}
