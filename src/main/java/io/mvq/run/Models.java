package io.mvq.run;

import io.mvq.autoencoder.Autoencoder;
import io.mvq.autoencoder.BottleneckAutoencoder;
import io.mvq.autoencoder.ContinuousAutoencoder;
import io.mvq.autoencoder.HierarchicalAutoencoder;
import io.mvq.autoencoder.ImageShape;
import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.hypothesis.AutoregressiveMasks;
import io.mvq.hypothesis.BernoulliMasks;
import io.mvq.hypothesis.MaskPrior;
import io.mvq.prior.PixelCnn;
import io.mvq.prior.TokenMap;
import io.mvq.prior.TokenPrior;
import io.mvq.prior.TokenTransformer;
import io.mvq.quantize.Bottleneck;
import io.mvq.train.Prior;
import io.mvq.train.Recipe;
import java.util.HashMap;
import java.util.Map;

/** Fresh models as a recipe describes them. */
public final class Models {
  private Models() {}

  /** The autoencoder to train, with tokens or without; seed LibTorch first. */
  public static Autoencoder trainable(Recipe recipe) {
    return isContinuous(recipe) ? continuous(recipe) : autoencoder(recipe);
  }

  /** Whether a recipe's autoencoder has no tokens. */
  public static boolean isContinuous(Recipe recipe) {
    return recipe.model().architecture().equals("continuous");
  }

  /** The autoencoder without tokens; seed LibTorch first. */
  public static ContinuousAutoencoder continuous(Recipe recipe) {
    Recipe.Model model = recipe.model();
    int grid = model.grid();
    return new ContinuousAutoencoder(
        shape(recipe),
        model.width(),
        grid,
        grid > 0 ? grid * grid : model.baseTokens() + model.secondaryTokens(),
        model.codeWidth(),
        model.latentNoise());
  }

  /** The autoencoder with tokens; seed LibTorch first. */
  public static TokenAutoencoder autoencoder(Recipe recipe) {
    Recipe.Model model = recipe.model();
    ImageShape shape = shape(recipe);
    if (isContinuous(recipe)) {
      throw new IllegalArgumentException(
          "a continuous autoencoder has no tokens; this needs architecture single or hierarchy");
    }
    if (model.architecture().equals("hierarchy")) {
      int grid = model.grid();
      int topGrid = topGrid(recipe);
      return new HierarchicalAutoencoder(
          shape,
          model.width(),
          topGrid,
          grid,
          level(recipe, Map.of("model.grid", topGrid)),
          level(
              recipe,
              Map.of(
                  "model.system",
                  model.system().equals("mvq") ? "vq" : model.system(),
                  "model.baseTokens",
                  model.bottomTokens(),
                  "model.secondaryTokens",
                  0)));
    }
    return new BottleneckAutoencoder(
        shape, model.width(), model.grid(), Bottlenecks.of(model, recipe.training().seed()));
  }

  /** The side of a hierarchy's upper grid; 0 for tokens of the whole image, as MVQ's always are. */
  static int topGrid(Recipe recipe) {
    return recipe.model().system().equals("mvq") ? 0 : recipe.model().grid() / 2;
  }

  private static Bottleneck level(Recipe recipe, Map<String, Object> changes) {
    Map<String, Object> fields = new HashMap<>(changes);
    fields.put("model.architecture", "single");
    return Bottlenecks.of(recipe.with(fields).model(), recipe.training().seed());
  }

  private static ImageShape shape(Recipe recipe) {
    return new ImageShape(recipe.data().channels(), recipe.data().side());
  }

  /** The prior over an autoencoder's tokens; seed LibTorch first. */
  public static TokenPrior prior(Recipe recipe, int[] codes, int classes) {
    Prior prior = recipe.prior();
    TokenMap map = map(recipe.model(), codes);
    int known = prior.conditional() ? classes : 0;
    return switch (prior.kind()) {
      case "transformer" ->
          new TokenTransformer(
              map, known, prior.width(), prior.layers(), prior.heads(), prior.dropout());
      case "pixelcnn" -> new PixelCnn(map, known, prior.width(), prior.layers(), prior.dropout());
      default -> throw new IllegalArgumentException("no prior " + prior.kind());
    };
  }

  /** How the tokens lie: those of one grid, which share a codebook, as a map; others in a row. */
  static TokenMap map(Recipe.Model model, int[] codes) {
    int grid = model.grid();
    boolean isMap = grid > 0 && model.architecture().equals("single");
    return isMap && codes.length == grid * grid
        ? TokenMap.grid(grid, grid, codes[0])
        : TokenMap.row(codes);
  }

  /** The prior over masks that a recipe names, not uniform; seed LibTorch first. */
  public static MaskPrior maskPrior(Recipe recipe, int[] codes, long winners, long bits) {
    Prior prior = recipe.prior();
    return switch (prior.masks()) {
      case "bernoulli" -> new BernoulliMasks(codes, winners, bits, prior.width());
      case "autoregressive" -> new AutoregressiveMasks(codes, winners, bits, prior.width());
      default -> throw new IllegalArgumentException("no mask prior " + prior.masks());
    };
  }
}
