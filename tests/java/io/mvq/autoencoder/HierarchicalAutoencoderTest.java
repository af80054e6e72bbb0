package io.mvq.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.hypothesis.MultipleHypothesesDropout;
import io.mvq.kernel.MaskBits;
import io.mvq.quantize.Bottleneck;
import io.mvq.quantize.Codebook;
import io.mvq.quantize.Encoding;
import io.mvq.quantize.SeparateTokens;
import io.mvq.quantize.SharedTokens;
import io.mvq.quantize.VectorQuantizer;
import io.mvq.quantize.VqBottleneck;
import io.mvq.tensor.Parameters;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HierarchicalAutoencoderTest {
  private static final ImageShape SHAPE = new ImageShape(3, 32);

  private final ReconstructionLoss pixels = ReconstructionLoss.ofPixels();

  @BeforeEach
  void seed() {
    torch.manual_seed(9);
  }

  private static VqBottleneck token(int codes) {
    return new VqBottleneck(vq(codes, 8), 0.25);
  }

  private static VectorQuantizer vq(int codes, int width) {
    return new VectorQuantizer(codes, width, 0, Codebook.Learning.DEFAULT);
  }

  private static Bottleneck masked(boolean perToken) {
    MultipleHypothesesDropout dropout =
        new MultipleHypothesesDropout(
            new MultipleHypothesesDropout.Settings(1, 12, 2, 8, 16, 0.5, perToken, List.of(16), 1));
    return new MvqBottleneck(vq(7, 8), vq(5, 12), dropout, 0.25, 1, 0);
  }

  private static HierarchicalAutoencoder grids(int bottom) {
    int top = bottom / 2;
    return new HierarchicalAutoencoder(
        SHAPE,
        16,
        top,
        bottom,
        new SharedTokens(top * top, token(7)),
        new SharedTokens(bottom * bottom, token(6)));
  }

  private static HierarchicalAutoencoder few(Bottleneck top, int bottom) {
    Bottleneck[] tokens = new Bottleneck[bottom];
    Arrays.setAll(tokens, t -> token(6));
    return new HierarchicalAutoencoder(SHAPE, 16, 0, 0, top, new SeparateTokens(tokens));
  }

  private static List<HierarchicalAutoencoder> models() {
    return List.of(
        grids(8),
        few(new SeparateTokens(token(7)), 1),
        few(masked(false), 2),
        new HierarchicalAutoencoder(SHAPE, 16, 0, 8, masked(true), new SharedTokens(64, token(6))));
  }

  @Test
  void decodingWhatWasEncodedIsWhatTrainingReconstructs() {
    Tensor images = torch.randn(5, 3, 32, 32);
    for (HierarchicalAutoencoder model : models()) {
      model.initialize(images);
      model.eval();
      Encoding encoding = model.encode(images);
      assertThat(Shapes.of(encoding.tokens())).containsExactly(5, model.codes().length);
      Tensor decoded = model.decode(encoding.tokens(), encoding.masks());
      Tensor reconstructed = Tokens.clamped(model.forward(images, 0).images());
      assertThat(reconstructed.sub(decoded).abs().max().item_float()).isLessThan(1e-4f);
      Tensor random = model.decode(encoding.tokens(), model.randomMasks(5, 3));
      assertThat(Shapes.of(random)).isEqualTo(Shapes.of(images));
    }
  }

  @Test
  void theTopsTokensComeFirst() {
    assertThat(grids(16).codes()).hasSize(320).startsWith(7).endsWith(6);
    int[] eighty = grids(8).codes();
    assertThat(eighty).hasSize(80);
    assertThat(new int[] {eighty[15], eighty[16]}).containsExactly(7, 6);
    HierarchicalAutoencoder masked = few(masked(false), 2);
    assertThat(masked.codes()).containsExactly(7, 7, 5, 6, 6);
    assertThat(masked.winners()).isEqualTo(1);
    assertThat(masked.maskBits()).isEqualTo(4);
    assertThat(few(masked(true), 1).winners()).isEqualTo(2);
    assertThat(few(token(7), 1).codes()).containsExactly(7, 6);
    assertThat(few(token(7), 1).randomMasks(3, 1).isEmpty()).isTrue();
  }

  @Test
  void theBottomKnowsTheTopAndTheDecoderSeesBoth() {
    HierarchicalAutoencoder model = grids(8);
    Tensor images = torch.randn(5, 3, 32, 32);
    model.initialize(images);
    model.eval();
    long[] tokens = Tensors.longs(model.encode(images.narrow(0, 0, 1)).tokens());
    Tensor before = model.decode(Tensors.of(tokens, 1, 80), MaskBits.none());
    for (int changed : new int[] {0, 79}) {
      long[] other = tokens.clone();
      other[changed] = (other[changed] + 1) % 6;
      Tensor after = model.decode(Tensors.of(other, 1, 80), MaskBits.none());
      Tensor moved = after.sub(before).abs().amax(new long[] {0, 1}, false);
      // Token 0 is the first corner of the top, token 79 the last corner of the bottom.
      Tensor near =
          changed == 0 ? moved.select(0, 0).select(0, 0) : moved.select(0, 31).select(0, 31);
      assertThat(near.item_float()).isPositive();
    }
    model.train(true);
    torch.mse_loss(model.forward(images, 0).images(), images).backward();
    assertThat(Parameters.trained(model).get("topRow.out.weight").grad().abs().sum().item_float())
        .isPositive();
  }

  @Test
  void everyParameterReceivesAGradientAndAFewStepsLearn() {
    Tensor images = torch.kron(torch.randn(8, 3, 4, 4).tanh(), torch.ones(1, 1, 8, 8)).contiguous();
    for (HierarchicalAutoencoder model : models()) {
      model.initialize(images);
      model.train(true);
      AdamW optimizer = new AdamW(model.parameters(), new AdamWOptions(3e-3));
      double first = 0;
      double last = 0;
      for (int step = 0; step < 60; step++) {
        Map<String, Tensor> losses = pixels.autoencoder(model, model.forward(images, 0), images, 0);
        optimizer.zero_grad();
        losses.values().stream().reduce(Tensor::add).orElseThrow().backward();
        if (step == 0) {
          Parameters.trained(model)
              .forEach(
                  (name, weight) ->
                      assertThat(weight.grad().abs().sum().item_float()).as(name).isPositive());
        }
        optimizer.step();
        last = losses.get("reconstruction").item_double();
        first = step == 0 ? last : first;
      }
      assertThat(last).isLessThan(0.75 * first);
    }
  }

  @Test
  void badLevelsAndTokensAreNamed() {
    assertThatThrownBy(() -> new HierarchicalAutoencoder(SHAPE, 16, 8, 8, token(2), token(2)))
        .hasMessage("topGrid must be 0 or half of the bottom's map, 4, got 8");
    assertThatThrownBy(() -> new HierarchicalAutoencoder(SHAPE, 16, 0, 2, token(2), token(2)))
        .hasMessage("bottomGrid must be 0 or an even number from 4 on, got 2");
    assertThatThrownBy(() -> new HierarchicalAutoencoder(SHAPE, 16, 0, 0, token(2), masked(true)))
        .hasMessage("bottom must have no masks, got 2 a row; let top have them");
    HierarchicalAutoencoder model = few(token(7), 1);
    assertThatThrownBy(() -> model.forward(torch.randn(2, 1, 32, 32), 0))
        .hasMessage("images must have shape (any, 3, 32, 32), got (2, 1, 32, 32)");
    assertThatThrownBy(() -> model.decode(Tensors.of(new long[] {6, 6}, 1, 2), MaskBits.none()))
        .hasMessage("token 1 of image 0 must be in 0..5, got 6");
    HierarchicalAutoencoder masked = few(masked(false), 1);
    masked.initialize(torch.randn(9, 3, 32, 32));
    assertThatThrownBy(() -> masked.decode(Tensors.longZeros(1, 4), MaskBits.none()))
        .hasMessageStartingWith("masks must be given for an MVQ model");
  }
}
