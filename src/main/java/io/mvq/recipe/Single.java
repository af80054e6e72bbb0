package io.mvq.recipe;

import io.mvq.autoencoder.Autoencoder;
import io.mvq.autoencoder.BottleneckAutoencoder;
import io.mvq.autoencoder.ImageShape;
import io.mvq.prior.TokenMap;
import io.mvq.setting.Flag;
import io.mvq.setting.Kind;
import io.mvq.setting.Limits;
import io.mvq.setting.Part;
import java.util.List;

/**
 * One level of tokens.
 *
 * @param width channels of the first convolution
 * @param grid side of the map whose positions are the tokens, which share a codebook: the images'
 *     halved again and again, up to 32, in place of T1 + T2; 0 for tokens of the whole image, as
 *     MVQ's always are
 * @param tokens what makes them
 */
@Kind(value = "single", help = "one level of tokens")
public record Single(
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
    @Part Tokens tokens)
    implements Architecture {
  public Single {
    Limits.atLeast("width", width, 1);
    Limits.present("tokens", tokens);
    if (tokens.masked()) {
      Limits.oneOf("grid", grid, List.of(0));
    }
  }

  @Override
  public Autoencoder autoencoder(ImageShape shape, long seed) {
    return new BottleneckAutoencoder(shape, width, grid, tokens.bottleneck(grid, seed));
  }

  @Override
  public TokenMap map(int[] codes) {
    return grid > 0 && codes.length == grid * grid
        ? TokenMap.grid(grid, grid, codes[0])
        : TokenMap.row(codes);
  }

  @Override
  public int firstGrid() {
    return grid;
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
