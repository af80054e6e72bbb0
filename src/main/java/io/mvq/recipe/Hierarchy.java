package io.mvq.recipe;

import io.mvq.autoencoder.Autoencoder;
import io.mvq.autoencoder.HierarchicalAutoencoder;
import io.mvq.autoencoder.ImageShape;
import io.mvq.prior.TokenMap;
import io.mvq.setting.Flag;
import io.mvq.setting.Kind;
import io.mvq.setting.Limits;
import io.mvq.setting.Part;
import java.util.List;

/**
 * A second level of plain tokens below those of the system (VQ-VAE-2, arXiv 1906.00446, section
 * 3.1).
 *
 * @param width channels of the first convolution
 * @param grid side of the lower level's map; the upper has half of it, or, with masks, T1 + T2
 *     tokens of the whole image; 0 for such tokens on both levels
 * @param bottomTokens tokens of the lower level, if {@code grid} is 0
 * @param tokens what makes the upper level's
 */
@Kind(value = "hierarchy", help = "two levels of tokens")
public record Hierarchy(
    @Flag(name = "width", value = "32", label = "CHANNELS", help = "base width of the convolutions")
        int width,
    @Flag(
            name = "grid",
            value = "0",
            label = "SIDE",
            help =
                "tokens are the positions of a map of this side: the images' halved again and"
                    + " again, 2 to 32, in a hierarchy its lower level's and even; 0 for T1 + T2"
                    + " tokens")
        int grid,
    @Flag(name = "bottom-tokens", value = "1", help = "tokens of the lower level, without a grid")
        int bottomTokens,
    @Part Tokens tokens)
    implements Architecture {
  public Hierarchy {
    Limits.atLeast("width", width, 1);
    Limits.atLeast("bottom-tokens", bottomTokens, 1);
    Limits.present("tokens", tokens);
  }

  /** The upper level's map is half of it. */
  @Override
  public List<Integer> grids(ImageShape shape) {
    return Architecture.super.grids(shape).stream()
        .filter(side -> side >= 4 && side % 2 == 0)
        .toList();
  }

  @Override
  public Autoencoder autoencoder(ImageShape shape, long seed) {
    int top = firstGrid();
    return new HierarchicalAutoencoder(
        shape,
        width,
        top,
        grid,
        tokens.bottleneck(top, seed),
        tokens.below(bottomTokens).bottleneck(grid, seed));
  }

  @Override
  public TokenMap map(int[] codes) {
    return TokenMap.row(codes);
  }

  @Override
  public int firstGrid() {
    return tokens.masked() ? 0 : grid / 2;
  }

  @Override
  public String system() {
    return tokens.system();
  }

  @Override
  public boolean masked() {
    return tokens.masked();
  }
}
