package io.mvq.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.kernel.MaskBits;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every bottleneck promises. */
class BottleneckTest {
  @BeforeEach
  void seed() {
    torch.manual_seed(8);
  }

  private static VectorQuantizer quantizer(long codes, long width) {
    return new VectorQuantizer(codes, width, 0, Codebook.Learning.DEFAULT);
  }

  private static Bottleneck vq() {
    return new VqBottleneck(quantizer(7, 3), 0.25);
  }

  private static Bottleneck relaxed(boolean hard) {
    return new RelaxedBottleneck(7, 3, new Anneal(1, 0.1, 1), new Anneal(0, 1e-3, 0.5), hard);
  }

  private static Map<String, Bottleneck> all() {
    Map<String, Bottleneck> all = new LinkedHashMap<>();
    all.put("vq", vq());
    all.put("shared", new SharedTokens(5, vq()));
    all.put("separate", new SeparateTokens(vq(), new FsqBottleneck(List.of(3, 4)), vq()));
    all.put("gumbel", relaxed(true));
    all.put("concrete", relaxed(false));
    all.put("fsq", new FsqBottleneck(List.of(8, 5, 5)));
    all.put("lfq", new LfqBottleneck(9, 0.25, 0.1));
    VectorQuantizer[] stages = {quantizer(4, 6), quantizer(4, 2)};
    all.put("rvq", new ResidualBottleneck(new SeparateTokens(vq(), vq()), stages, 0.25));
    return all;
  }

  @Test
  void whatIsEncodedIsLookedUpAsTheVectorsOfTheTrainingPass() {
    all()
        .forEach(
            (name, bottleneck) -> {
              Tensor latents = torch.randn(33, bottleneck.inputs());
              bottleneck.initialize(latents);
              bottleneck.eval();
              Bottleneck.Result result = bottleneck.forward(latents, 0.5);
              assertThat(Shapes.of(result.vectors()))
                  .as(name)
                  .containsExactly(33, bottleneck.outputs());
              int[] codes = bottleneck.codes();
              assertThat(Shapes.of(result.tokens())).as(name).containsExactly(33, codes.length);
              Tensor tokens = bottleneck.encode(latents).tokens();
              assertThat(Tensors.longs(tokens)).as(name).isEqualTo(Tensors.longs(result.tokens()));
              assertThat(Tensors.floats(bottleneck.lookup(tokens, MaskBits.none())))
                  .as(name)
                  .containsExactly(Tensors.floats(result.vectors()), within(1e-5f));
              long[] values = Tensors.longs(tokens);
              for (int i = 0; i < values.length; i++) {
                assertThat(values[i]).as(name).isBetween(0L, codes[i % codes.length] - 1L);
              }
              assertThat(result.losses().values())
                  .as(name)
                  .allSatisfy(loss -> assertThat(loss.item_float()).isFinite());
            });
  }

  @Test
  void whatHasNoMasksGivesNoneInsteadOfNull() {
    all()
        .forEach(
            (name, bottleneck) -> {
              Tensor latents = torch.randn(33, bottleneck.inputs());
              bottleneck.initialize(latents);
              Encoding encoding = bottleneck.encode(latents);
              assertThat(encoding.masks().isEmpty()).as(name).isTrue();
              assertThat(bottleneck.randomMasks(33, 1).isEmpty()).as(name).isTrue();
              assertThat(bottleneck.drawMasks(encoding.tokens(), 1).isEmpty()).as(name).isTrue();
            });
  }

  @Test
  void codesThatAreLatentsTooEncodeToThemselves() {
    for (String name : List.of("vq", "shared", "lfq")) {
      Bottleneck bottleneck = all().get(name);
      Tensor latents = torch.randn(33, bottleneck.inputs());
      bottleneck.initialize(latents);
      Tensor tokens = bottleneck.encode(latents).tokens();
      Tensor again = bottleneck.encode(bottleneck.lookup(tokens, MaskBits.none())).tokens();
      assertThat(Tensors.longs(again)).as(name).isEqualTo(Tensors.longs(tokens));
    }
  }

  @Test
  void gradientsPassStraightThroughWhereThatIsPromised() {
    for (String name : List.of("vq", "shared", "lfq", "rvq")) {
      Bottleneck bottleneck = all().get(name);
      bottleneck.initialize(torch.randn(33, bottleneck.inputs()));
      Tensor latents = torch.randn(6, bottleneck.inputs()).set_requires_grad(true);
      bottleneck.forward(latents, 0).vectors().sum().backward();
      assertThat(Tensors.floats(latents.grad())).as(name).containsOnly(1);
    }
  }

  @Test
  void aFewStepsLowerTheLossThroughEveryBottleneck() {
    Tensor data = torch.randn(64, 2).matmul(torch.randn(2, 6));
    all()
        .forEach(
            (name, bottleneck) -> {
              torch.manual_seed(3);
              LinearImpl in = new LinearImpl(6, bottleneck.inputs());
              LinearImpl out = new LinearImpl(bottleneck.outputs(), 6);
              TensorVector weights = new TensorVector();
              for (TensorVector some :
                  List.of(in.parameters(), out.parameters(), bottleneck.parameters())) {
                for (long i = 0; i < some.size(); i++) {
                  weights.push_back(some.get(i));
                }
              }
              AdamW optimizer = new AdamW(weights, new AdamWOptions(2e-2));
              bottleneck.initialize(in.forward(data));
              double first = 0;
              double last = 0;
              for (int step = 0; step < 80; step++) {
                Bottleneck.Result result = bottleneck.forward(in.forward(data), step / 80.0);
                Tensor error = torch.mse_loss(out.forward(result.vectors()), data);
                Tensor total = error;
                for (Tensor loss : result.losses().values()) {
                  total = total.add(loss);
                }
                optimizer.zero_grad();
                total.backward();
                optimizer.step();
                last = error.item_double();
                first = step == 0 ? last : first;
              }
              assertThat(last).as(name).isLessThan(0.5 * first);
            });
  }

  @Test
  void partsKeepTheirOrderInLatentsVectorsAndTokens() {
    Bottleneck three =
        new SeparateTokens(new FsqBottleneck(List.of(3)), new LfqBottleneck(2, 0, 0));
    // tanh of 3 rounds to level 2 of 3; the signs +, - are bit 0 alone.
    Bottleneck.Result result = three.forward(Tensors.of(new float[] {3, 1, -1}, 1, 3), 0);
    assertThat(Tensors.longs(result.tokens())).containsExactly(2, 1);
    assertThat(Tensors.floats(result.vectors())).containsExactly(1, 1, -1);
    assertThat(three.codes()).containsExactly(3, 4);
    Bottleneck twice = new SharedTokens(2, three);
    float[] rows = {3, 1, -1, -3, -1, 1};
    assertThat(Tensors.longs(twice.encode(Tensors.of(rows, 1, 6)).tokens()))
        .containsExactly(2, 1, 0, 2);
    assertThat(Arrays.stream(twice.codes()).boxed()).containsExactly(3, 4, 3, 4);
  }

  @Test
  void badArgumentsAreNamedWithTheirValue() {
    assertThatThrownBy(() -> new SharedTokens(0, vq()))
        .hasMessage("positions must be at least 1, got 0");
    assertThatThrownBy(() -> new SeparateTokens())
        .hasMessage("parts must hold at least one bottleneck, got 0");
    assertThatThrownBy(() -> vq().forward(torch.randn(2, 4), 0))
        .hasMessage("latents must have shape (any, 3), got (2, 4)");
    assertThatThrownBy(() -> new FsqBottleneck(List.of()))
        .hasMessage("levels must hold at least one number, got none");
    assertThatThrownBy(() -> new FsqBottleneck(List.of(5, 1)))
        .hasMessage("levels must be at least 2, got 1");
    assertThatThrownBy(() -> new FsqBottleneck(List.of(5000, 5000)))
        .hasMessage("levels must make at most 16777216 codes, got [5000, 5000]");
    assertThatThrownBy(() -> new LfqBottleneck(31, 0, 0))
        .hasMessage("bits must be in 1..30, got 31");
    assertThatThrownBy(() -> new RelaxedBottleneck(1, 2, new Anneal(1, 1, 0), null, true))
        .hasMessage("codes must be at least 2, got 1");
    assertThatThrownBy(() -> new RelaxedBottleneck(2, 2, new Anneal(1, 0, 0), null, true))
        .hasMessage("temperature must be greater than 0, got 1.0 to 0.0");
    assertThatThrownBy(() -> new Anneal(1, 0, 1.5)).hasMessage("until must be in 0..1, got 1.5");
    VectorQuantizer[] wide = {quantizer(2, 2)};
    assertThatThrownBy(() -> new ResidualBottleneck(vq(), wide, 0))
        .hasMessage("stage 0 must have a width that divides the row's 3, got 2");
    assertThatThrownBy(() -> new ResidualBottleneck(relaxed(true), wide, 0))
        .hasMessage("first must have as many outputs as inputs (7), got 3");
  }
}
