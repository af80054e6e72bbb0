package io.mvq.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.mvq.quantize.Encoding;
import io.mvq.recipe.Recipe;
import io.mvq.run.Run;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sides of 128 and 256 pixels go through every architecture, gradients too. */
class LargeImagesTest {
  @ParameterizedTest
  @CsvSource({
    "128, system mvq mask-width 8 hypotheses 8, 2",
    "256, system vq, 2",
    "256, system vq grid 32, 1024",
    "96, system mvq mask-width 8 hypotheses 8, 2",
    "96, system vq grid 3, 9",
    "96, architecture hierarchy system mvq mask-width 8 hypotheses 8, 3",
    "160, system vq grid 5, 25",
    "160, architecture hierarchy system vq codes 6 grid 10, 125",
    "224, system lfq codes 8 grid 7, 49",
    "288, architecture hierarchy system vq, 3",
    "128, architecture hierarchy system lfq codes 8 grid 32, 1280"
  })
  void imagesBecomeTokensAndComeBack(int side, String flags, int tokens) {
    Map<String, String> all = new LinkedHashMap<>();
    String[] words = ("codes 4 code-width 4 width 16 side " + side + " " + flags).split(" ");
    for (int i = 0; i < words.length; i += 2) {
      all.put(words[i], words[i + 1]);
    }
    TokenAutoencoder model = (TokenAutoencoder) Run.autoencoder(Recipe.ofApplicable(all));
    Tensor images = torch.rand(5, 3, side, side).mul(new Scalar(2)).sub(new Scalar(1));
    model.initialize(images);
    Autoencoder.Outcome outcome = model.forward(images, 0);
    assertThat(Shapes.of(outcome.images())).isEqualTo(Shapes.of(images));
    torch.mse_loss(outcome.images(), images).backward();
    assertThat(Tensors.scalar(model.lastLayer().grad().abs().sum())).isPositive();
    model.eval();
    Encoding codes = model.encode(images);
    assertThat(codes.tokens().size(1)).isEqualTo(tokens);
    Tensor made = model.decode(codes.tokens(), codes.masks());
    assertThat(Shapes.of(made)).isEqualTo(Shapes.of(images));
  }
}
