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
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenAutoencoderTest {
  private static final Codebook.Learning LEARNING = Codebook.Learning.DEFAULT;

  private final ReconstructionLoss pixels = ReconstructionLoss.ofPixels();

  @BeforeEach
  void seed() {
    torch.manual_seed(6);
  }

  private static VectorQuantizer vq(long width) {
    return new VectorQuantizer(8, width, 0, LEARNING);
  }

  private static VqBottleneck token() {
    return new VqBottleneck(vq(16), 0.25);
  }

  private static TokenAutoencoder plain(ImageShape shape, int tokens) {
    Bottleneck[] each = Stream.generate(() -> token()).limit(tokens).toArray(Bottleneck[]::new);
    return new BottleneckAutoencoder(shape, 16, 0, new SeparateTokens(each));
  }

  private static TokenAutoencoder grid(ImageShape shape, int side) {
    return new BottleneckAutoencoder(shape, 16, side, new SharedTokens(side * side, token()));
  }

  private static TokenAutoencoder masked(ImageShape shape, int base, boolean perToken) {
    MultipleHypothesesDropout dropout =
        new MultipleHypothesesDropout(
            new MultipleHypothesesDropout.Settings(
                1, 12, base, 16, 32, 0.5, perToken, List.of(32), 1));
    return new BottleneckAutoencoder(
        shape, 16, 0, new MvqBottleneck(vq(16), vq(12), dropout, 0.25, 1, 0.25));
  }

  private static List<TokenAutoencoder> models(ImageShape shape) {
    return List.of(
        plain(shape, 2),
        grid(shape, 8),
        masked(shape, 1, false),
        masked(shape, 4, false),
        masked(shape, 4, true));
  }

  @Test
  void imagesOfEveryShapeSurviveTheTrip() {
    for (ImageShape shape : List.of(new ImageShape(3, 64), new ImageShape(1, 32))) {
      Tensor images = torch.randn(5, shape.channels(), shape.side(), shape.side());
      for (TokenAutoencoder model : models(shape)) {
        model.initialize(images);
        model.eval();
        Encoding encoding = model.encode(images);
        assertThat(Shapes.of(encoding.tokens())).containsExactly(5, model.codes().length);
        Tensor decoded = model.decode(encoding.tokens(), encoding.masks());
        assertThat(Shapes.of(decoded)).isEqualTo(Shapes.of(images));
        // Decoding what was encoded is what the training pass reconstructs.
        Tensor reconstructed = Tokens.clamped(model.forward(images, 0).images());
        assertThat(reconstructed.sub(decoded).abs().max().item_float()).isLessThan(1e-4f);
        Tensor random = model.decode(encoding.tokens(), model.randomMasks(5, 3));
        assertThat(Shapes.of(random)).isEqualTo(Shapes.of(images));
      }
    }
  }

  @Test
  void onlyAModelWithWinnersHasMasks() {
    ImageShape shape = new ImageShape(1, 32);
    Tensor images = torch.randn(5, 1, 32, 32);
    for (TokenAutoencoder model : models(shape)) {
      model.initialize(images);
      Encoding encoding = model.encode(images);
      for (MaskBits masks :
          List.of(
              encoding.masks(), model.randomMasks(5, 3), model.drawMasks(encoding.tokens(), 3))) {
        assertThat(masks.count()).isEqualTo(5 * model.winners());
      }
    }
  }

  @Test
  void aTokenOfAGridIsThePositionOfItsPatch() {
    Tensor plain = Tensors.longZeros(1, 64);
    Tensor changed = plain.clone();
    int row = 2;
    int column = 5;
    changed.select(1, 8 * row + column).fill_(new Scalar(3));
    Tensor patches = Tensors.zeros(8, 8);
    int[] moved = new int[64];
    // Untrained networks may prefer a neighbour, not what is further off, or miss a patch: many do
    // not.
    for (int i = 0; i < 16; i++) {
      TokenAutoencoder model = grid(new ImageShape(1, 32), 8);
      model.initialize(torch.randn(8, 1, 32, 32));
      model.eval();
      Tensor difference =
          model.decode(plain, MaskBits.none()).sub(model.decode(changed, MaskBits.none())).abs();
      patches.add_(difference.reshape(8, 4, 8, 4).mean(1, 3).div(difference.mean()));
      Tensor image = Tensors.zeros(1, 1, 32, 32);
      long[] before = Tensors.longs(model.encode(image).tokens());
      image.narrow(2, 4 * row, 4).narrow(3, 4 * column, 4).fill_(new Scalar(1));
      long[] after = Tensors.longs(model.encode(image).tokens());
      for (int t = 0; t < 64; t++) {
        moved[t] += after[t] == before[t] ? 0 : 1;
      }
    }
    long most = patches.argmax().item_long();
    assertThat(most / 8).isBetween(row - 1L, row + 1L);
    assertThat(most % 8).isBetween(column - 1L, column + 1L);
    // Nor are rows and columns swapped on the way in.
    assertThat(moved[8 * row + column]).isGreaterThan(moved[8 * column + row]).isGreaterThan(7);
  }

  @Test
  void aFewStepsLearnToReconstruct() {
    ImageShape shape = new ImageShape(1, 32);
    // Eight patterns of 8x8 blocks: what GroupNorm cannot take away.
    Tensor blocks = torch.randn(8, 1, 4, 4).tanh();
    Tensor images = torch.kron(blocks, torch.ones(1, 1, 8, 8)).contiguous();
    for (TokenAutoencoder model :
        List.of(plain(shape, 2), grid(shape, 8), masked(shape, 1, false), masked(shape, 4, true))) {
      model.train(true);
      AdamW optimizer = new AdamW(model.parameters(), new AdamWOptions(3e-3));
      double first = 0;
      double last = 0;
      for (int step = 0; step < 100; step++) {
        Map<String, Tensor> losses = pixels.autoencoder(model, model.forward(images, 0), images, 0);
        Tensor total = losses.values().stream().reduce(Tensor::add).orElseThrow();
        optimizer.zero_grad();
        total.backward();
        optimizer.step();
        last = losses.get("reconstruction").item_double();
        first = step == 0 ? last : first;
      }
      assertThat(last).isLessThan(first / 2);
    }
  }

  @Test
  void everyParameterReceivesAGradient() {
    ImageShape shape = new ImageShape(3, 32);
    Tensor images = torch.randn(16, 3, 32, 32);
    for (TokenAutoencoder model : models(shape)) {
      model.train(true);
      pixels.autoencoder(model, model.forward(images, 0), images, 0).values().stream()
          .reduce(Tensor::add)
          .orElseThrow()
          .backward();
      Parameters.trained(model)
          .forEach(
              (name, weight) -> {
                assertThat(weight.grad().defined()).as(name).isTrue();
                assertThat(weight.grad().abs().sum().item_float()).as(name).isGreaterThan(0);
              });
    }
  }

  @Test
  void bitsAreCounted() {
    TokenAutoencoder model = masked(new ImageShape(3, 32), 4, true);
    assertThat(model.codes()).containsExactly(8, 8, 8, 8, 8);
    assertThat(model.tokenBits()).isEqualTo(15);
    assertThat(model.maskBits()).isEqualTo(20);
    assertThat(plain(new ImageShape(3, 32), 2).maskBits()).isZero();
    assertThat(grid(new ImageShape(3, 32), 8).tokenBits()).isEqualTo(64 * 3);
  }

  /** Hand-made: 96 = 3 * 32 goes 48, 24, 12, 6, 3; 160 = 5 * 32 to 5; 288 = 9 * 32 to 9. */
  @Test
  void mapsOfAnyMultipleOf32AreItsHalves() {
    assertThat(new ImageShape(3, 96).grids()).containsExactly(48, 24, 12, 6, 3);
    assertThat(new ImageShape(3, 32).grids()).containsExactly(16, 8, 4, 2);
    int[] sides = {16, 32, 64, 96, 128, 160, 224, 256, 288, 480};
    int[] smallest = {4, 4, 4, 6, 4, 5, 7, 4, 9, 15};
    for (int i = 0; i < sides.length; i++) {
      ImageShape shape = new ImageShape(1, sides[i]);
      assertThat(shape.smallest()).as("%d", sides[i]).isEqualTo(smallest[i]);
      assertThat(shape.smallestBottom()).isEqualTo(2 * smallest[i]);
    }
  }

  @Test
  void badInputIsNamedWithItsValue() {
    ImageShape shape = new ImageShape(3, 32);
    TokenAutoencoder model = masked(shape, 1, false);
    model.initialize(torch.randn(9, 3, 32, 32));
    assertThatThrownBy(() -> new ImageShape(2, 32)).hasMessage("channels must be 1 or 3, got 2");
    assertThatThrownBy(() -> new ImageShape(3, 48))
        .hasMessage("side must be 16 or a multiple of 32, got 48");
    assertThatThrownBy(() -> model.forward(torch.randn(9, 1, 32, 32), 0))
        .hasMessage("images must have shape (any, 3, 32, 32), got (9, 1, 32, 32)");
    assertThatThrownBy(() -> model.decode(Tensors.of(new long[] {0, 8}, 1, 2), MaskBits.none()))
        .hasMessage("token 1 of image 0 must be in 0..7, got 8");
    assertThatThrownBy(() -> model.decode(Tensors.of(new long[] {0, 1}, 1, 2), MaskBits.none()))
        .hasMessageContaining(
            "masks must be given for an MVQ model, got none; draw some with randomMasks");
    assertThatThrownBy(() -> grid(shape, 32))
        .hasMessage("grid must be 0 or, of images of side 32, one of [16, 8, 4, 2], got 32");
    assertThatThrownBy(() -> masked(shape, 1, false).encode(torch.randn(1, 3, 32, 32)))
        .hasMessageContaining("no codes yet");
  }
}
