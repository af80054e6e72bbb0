package io.mvq.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.autoencoder.ImageShape;
import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.prior.PixelCnn;
import io.mvq.prior.TokenMap;
import io.mvq.prior.TokenPrior;
import io.mvq.prior.TokenTransformer;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private final Recipe recipe =
      Recipe.defaults().with(Map.of("prior-width", 8, "prior-layers", 1, "prior-heads", 2));

  private static int[] equal(int count) {
    int[] codes = new int[count];
    Arrays.fill(codes, 9);
    return codes;
  }

  @Test
  void theTokensOfOneGridLieAsAMapAndOthersInARow() {
    Recipe grid = recipe.with(Map.of("system", "vq", "grid", 4));
    assertThat(grid.architecture().map(equal(16))).isEqualTo(TokenMap.grid(4, 4, 9));
    // Two more tokens belong to no position of the grid, e.g. those of a residual's stages.
    assertThat(grid.architecture().map(equal(18))).isEqualTo(TokenMap.row(equal(18)));
    assertThat(recipe.architecture().map(new int[] {9, 7})).isEqualTo(TokenMap.row(9, 7));
  }

  @Test
  void theKindOfPriorIsTheRecipes() {
    TokenPrior transformer = recipe.prior().prior(TokenMap.row(9, 7), 5);
    assertThat(transformer).isInstanceOf(TokenTransformer.class);
    TokenPrior cnn = recipe.with("prior", "pixelcnn").prior().prior(TokenMap.row(9, 7), 5);
    assertThat(cnn).isInstanceOf(PixelCnn.class);
    assertThat(cnn.map()).isEqualTo(TokenMap.row(9, 7));
  }

  private static int[] codes(Recipe recipe) {
    return ((TokenAutoencoder) recipe.architecture().autoencoder(new ImageShape(3, 32), 1)).codes();
  }

  @Test
  void levelsHaveTheTokensOfTheirGridsOrAsManyAsAsked() {
    Recipe hierarchy =
        recipe.with(Map.of("architecture", "hierarchy", "width", 16, "codes", 4, "hypotheses", 8));
    assertThat(codes(hierarchy)).hasSize(3);
    Recipe vq = hierarchy.with("system", "vq");
    assertThat(codes(vq.with("secondary-tokens", 0))).hasSize(2);
    assertThat(codes(vq.with("grid", 16))).hasSize(320);
    assertThat(codes(vq.with("grid", 8))).hasSize(80);
    assertThat(codes(vq.with("grid", 4))).hasSize(20);
    assertThat(codes(hierarchy.with("grid", 8))).hasSize(66);
    assertThatThrownBy(() -> vq.with("grid", 2))
        .hasMessage("grid must be 0 or, of images of side 64, one of [32, 16, 8, 4], got 2");
    assertThatThrownBy(() -> recipe.with("architecture", "pyramid"))
        .hasMessage("architecture must be one of [single, hierarchy, continuous], got pyramid");
    assertThat(recipe.with("architecture", "continuous").prior())
        .isInstanceOf(DiffusionPrior.class);
  }
}
