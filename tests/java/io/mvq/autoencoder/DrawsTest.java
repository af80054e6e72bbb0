package io.mvq.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.hypothesis.MaskSet;
import io.mvq.hypothesis.MultipleHypothesesDropout;
import io.mvq.hypothesis.SearchOptions;
import io.mvq.kernel.Dropout;
import io.mvq.kernel.DropoutMasks;
import io.mvq.kernel.Where;
import io.mvq.quantize.Codebook;
import io.mvq.quantize.Encoding;
import io.mvq.quantize.SeparateTokens;
import io.mvq.quantize.VectorQuantizer;
import io.mvq.quantize.VqBottleneck;
import io.mvq.tensor.Parameters;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import io.mvq.tensor.Views;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DrawsTest {
  private static final ImageShape SHAPE = new ImageShape(1, 32);
  private static final int BITS = 12;

  @BeforeEach
  void seed() {
    torch.manual_seed(6);
  }

  private static VectorQuantizer vq(int width) {
    return new VectorQuantizer(8, width, 0, Codebook.Learning.DEFAULT);
  }

  private static MvqBottleneck masked(boolean perToken, SearchOptions options) {
    MultipleHypothesesDropout.Settings settings =
        new MultipleHypothesesDropout.Settings(1, BITS, 3, 8, 32, 0.5, perToken, List.of(16), 1);
    MultipleHypothesesDropout dropout = new MultipleHypothesesDropout(settings, options);
    return new MvqBottleneck(vq(8), vq(BITS), dropout, 0.25, 1);
  }

  private static TokenAutoencoder single(boolean perToken) {
    return new BottleneckAutoencoder(SHAPE, 16, 0, masked(perToken, SearchOptions.PLAIN));
  }

  private static TokenAutoencoder hierarchy(boolean perToken) {
    VqBottleneck token = new VqBottleneck(vq(8), 0.25);
    return new HierarchicalAutoencoder(
        SHAPE, 16, 0, 0, masked(perToken, SearchOptions.PLAIN), new SeparateTokens(token));
  }

  private static double apart(Tensor one, Tensor other) {
    return one.sub(other).abs().max().item_double();
  }

  @Test
  void aPassIsItsPartsInTurn() {
    Tensor images = torch.randn(5, 1, 32, 32);
    BottleneckAutoencoder model = (BottleneckAutoencoder) single(false);
    model.initialize(images);
    model.eval();
    model.seek(0);
    Tensor whole = model.forward(images, 0).images();
    model.seek(0);
    Tensor parts = model.images(model.quantized(model.latents(images), 0).vectors());
    assertThat(apart(whole, parts)).isZero();
  }

  @Test
  void drawnImagesAreWhatDecodingTheirTokensAndMasksMakes() {
    Tensor images = torch.randn(5, 1, 32, 32);
    for (boolean perToken : new boolean[] {false, true}) {
      for (TokenAutoencoder model : List.of(single(perToken), hierarchy(perToken))) {
        model.initialize(images);
        model.eval(); // nothing learns between the pass and the encoding
        Tensor drawn = model.forward(images, 0, new Draws(2, 0.6, 9, 4)).drawn();
        assertThat(Shapes.of(drawn)).containsExactly(6, 1, 32, 32);
        Encoding encoding = model.encode(images);
        long winners = model.winners();
        Tensor all =
            Views.unpack(
                DropoutMasks.draw(
                    3 * winners, 2, BITS, new Dropout(9, 4 * winners, 0.5), Where.CPU));
        for (int draw = 0; draw < 2; draw++) {
          Tensor kept = all.reshape(-1, 2, BITS).select(1, draw).contiguous();
          Tensor expected =
              model.decode(encoding.tokens().narrow(0, 0, 3), Views.pack(kept, "masks"));
          Tensor got =
              drawn
                  .narrow(0, draw * 3L, 3)
                  .clamp(
                      new org.bytedeco.pytorch.ScalarOptional(
                          new org.bytedeco.pytorch.Scalar(-1.0)),
                      new org.bytedeco.pytorch.ScalarOptional(
                          new org.bytedeco.pytorch.Scalar(1.0)));
          assertThat(apart(got, expected)).isLessThan(1e-5);
        }
      }
    }
  }

  @Test
  void aBatchIsAWindowOfTheStreamOfMasks() {
    MvqBottleneck bottleneck = masked(true, SearchOptions.PLAIN);
    bottleneck.eval();
    Tensor latents = torch.randn(6, bottleneck.inputs());
    bottleneck.initialize(latents);
    Tensor whole = bottleneck.forward(latents, 0).redraw().vectors(6, 2, 3, 0);
    Tensor late = bottleneck.forward(latents.narrow(0, 2, 4), 0).redraw().vectors(4, 2, 3, 2);
    Tensor parts = whole.reshape(2, 6, -1).narrow(1, 2, 4).reshape(8, -1);
    assertThat(apart(late, parts)).isLessThan(1e-6);
    Tensor other = bottleneck.forward(latents, 0).redraw().vectors(6, 2, 4, 0);
    assertThat(apart(whole, other)).isPositive();
    assertThat(apart(whole.narrow(0, 0, 6), whole.narrow(0, 6, 6))).isPositive();
  }

  @Test
  void listedMasksAreDrawnFromTheirListAndRepeat() {
    for (MaskSet.Kind kind : List.of(MaskSet.Kind.GATES, MaskSet.Kind.ALL)) {
      for (boolean mixture : new boolean[] {false, true}) {
        SearchOptions options = new SearchOptions(new MaskSet(kind, 0.1), mixture, 1, 0);
        MvqBottleneck bottleneck = masked(false, options);
        bottleneck.eval();
        Tensor latents = torch.randn(4, bottleneck.inputs());
        bottleneck.initialize(latents);
        Tensor once = bottleneck.forward(latents, 0).redraw().vectors(4, 3, 7, 1);
        Tensor again = bottleneck.forward(latents, 0).redraw().vectors(4, 3, 7, 1);
        assertThat(apart(once, again)).isZero();
        Tensor later = bottleneck.forward(latents, 0).redraw().vectors(4, 3, 7, 5);
        assertThat(apart(once, later)).isPositive();
      }
    }
  }

  @Test
  void drawsGiveEncoderHeadAndDecoderAGradient() {
    for (TokenAutoencoder model : List.of(single(true), hierarchy(false))) {
      Tensor images = torch.randn(4, 1, 32, 32);
      model.initialize(images);
      model.forward(images, 0, new Draws(2, 1, 1, 0)).drawn().square().mean().backward();
      Parameters.trained(model)
          .forEach(
              (name, weight) -> {
                assertThat(weight.grad().defined()).as(name).isTrue();
                if (name.endsWith("weight")) {
                  assertThat(weight.grad().abs().sum().item_double()).as(name).isPositive();
                }
              });
    }
  }

  @Test
  void aModelWithoutMasksDrawsItsReconstruction() {
    VqBottleneck token = new VqBottleneck(vq(8), 0.25);
    Autoencoder model = new BottleneckAutoencoder(SHAPE, 16, 0, token);
    Tensor images = torch.randn(4, 1, 32, 32);
    Autoencoder.Outcome outcome = model.forward(images, 0, new Draws(2, 0.5, 1, 0));
    assertThat(Tensors.floats(outcome.drawn()))
        .isEqualTo(Tensors.floats(outcome.images().narrow(0, 0, 2)));
    assertThat(model.forward(images, 0).drawn()).isNull();
  }

  @Test
  void settingsOutOfRangeAreNamed() {
    assertThatThrownBy(() -> new Draws(0, 1, 1, 0)).hasMessage("each must be at least 1, got 0");
    assertThatThrownBy(() -> new Draws(2, 0, 1, 0))
        .hasMessage("share must be above 0 and at most 1, got 0.0");
    assertThatThrownBy(() -> new Draws(2, 1, 1, -1)).hasMessage("first must be at least 0, got -1");
  }
}
