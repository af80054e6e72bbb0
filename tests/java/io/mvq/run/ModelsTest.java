package io.mvq.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.mvq.prior.PixelCnn;
import io.mvq.prior.TokenMap;
import io.mvq.prior.TokenPrior;
import io.mvq.prior.TokenTransformer;
import io.mvq.train.Recipe;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelsTest {
  private final Recipe recipe =
      Recipe.defaults().with(Map.of("prior.width", 8, "prior.layers", 1, "prior.heads", 2));

  private static int[] equal(int count) {
    int[] codes = new int[count];
    Arrays.fill(codes, 9);
    return codes;
  }

  @Test
  void theTokensOfOneGridLieAsAMapAndOthersInARow() {
    Recipe grid = recipe.with(Map.of("model.system", "vq", "model.grid", 4));
    assertThat(Models.map(grid.model(), equal(16))).isEqualTo(TokenMap.grid(4, 4, 9));
    // Two more tokens belong to no position of the grid, e.g. those of a residual's stages.
    assertThat(Models.map(grid.model(), equal(18))).isEqualTo(TokenMap.row(equal(18)));
    assertThat(Models.map(recipe.model(), new int[] {9, 7})).isEqualTo(TokenMap.row(9, 7));
  }

  @Test
  void theKindOfPriorIsTheRecipes() {
    TokenPrior transformer = Models.prior(recipe, new int[] {9, 7}, 5);
    assertThat(transformer).isInstanceOf(TokenTransformer.class);
    TokenPrior cnn = Models.prior(recipe.with("prior.kind", "pixelcnn"), new int[] {9, 7}, 5);
    assertThat(cnn).isInstanceOf(PixelCnn.class);
    assertThat(cnn.map()).isEqualTo(TokenMap.row(9, 7));
  }
}
