package io.mvq.train;

import java.util.List;
import java.util.Map;

/**
 * Everything that determines a run: filled by the command line, validated when made, saved as
 * {@code recipe.json} beside the weights. {@link RecipeJson} reads, writes and edits it.
 *
 * @param format version of the file format, {@link #FORMAT}
 * @param data which images
 * @param model the autoencoder
 * @param reconstruction what makes a reconstruction good
 * @param training how the autoencoder is trained
 * @param prior the prior over its tokens, with its own training
 */
public record Recipe(
    int format,
    Data data,
    Model model,
    Reconstruction reconstruction,
    Training training,
    Prior prior) {
  /**
   * The format this program writes and reads; it rises when a recipe comes to mean other networks.
   */
  public static final int FORMAT = 2;

  public Recipe {
    if (format != FORMAT) {
      throw Limits.bad("format", "must be " + FORMAT, format);
    }
    Limits.present("data", data);
    Limits.present("model", model);
    Limits.present("reconstruction", reconstruction);
    Limits.present("training", training);
    Limits.present("prior", prior);
    if (!prior.masks().equals("uniform") && !model.system().equals("mvq")) {
      throw Limits.bad(
          "prior.masks", "must be uniform: " + model.system() + " has no masks", prior.masks());
    }
  }

  /** Two tokens an image, 64x64 RGB: the paper's smallest setting at the size of a workstation. */
  public static Recipe defaults() {
    Model model =
        new Model(
            "mvq",
            "single",
            1,
            1,
            1,
            0.1,
            256,
            64,
            64,
            256,
            0.5,
            false,
            List.of(128),
            32,
            0,
            false,
            0,
            0.25,
            1.0,
            0.99,
            100,
            1,
            List.of(8, 5, 5, 5),
            new RelaxedTokens(1.0, 1.0 / 16, 5e-4, 0.1),
            0.1,
            new MaskSearch("drawn", 1.0, 0.0, 1, 0.1));
    Training training = new Training(10_000, 64, 1, 1e-3, 200, 0.1, 1e-4, 0.999, 1.0, 0.999, 1);
    Training priorTraining = new Training(5_000, 64, 1, 5e-4, 200, 0.1, 0.01, 0.95, 1.0, 0.999, 1);
    return new Recipe(
        FORMAT,
        new Data("emoji", 64, 3, false),
        model,
        new Reconstruction("l2", 0, 0, 5_000, 1_000, 16, 2e-4),
        training,
        new Prior("transformer", 256, 4, 4, 0.1, false, "uniform", priorTraining));
  }

  /** A field's value by its name, e.g. {@code get("model.codes")}, as text. */
  public String get(String field) {
    return RecipeJson.get(this, field);
  }

  /** This recipe with one field changed, e.g. {@code with("model.codes", 512)}; validated anew. */
  public Recipe with(String field, Object value) {
    return with(Map.of(field, value));
  }

  /** This recipe with several fields changed at once, so that only the outcome must be valid. */
  public Recipe with(Map<String, ?> fields) {
    return RecipeJson.with(this, fields);
  }

  /**
   * Which images.
   *
   * @param images a data set's name or a folder, as {@code io.mvq.data} understands it
   * @param side height and width in pixels, 32 or 64
   * @param channels 1 (grey) or 3 (RGB)
   * @param flip whether half of the training images are mirrored
   */
  public record Data(String images, int side, int channels, boolean flip) {
    public Data {
      Limits.present("data.images", images);
      Limits.oneOf("data.side", side, List.of(32, 64));
      Limits.oneOf("data.channels", channels, List.of(1, 3));
    }
  }

  /**
   * The autoencoder.
   *
   * @param system {@code vq} (plain vector quantization), {@code mvq} (with hypotheses), {@code
   *     rvq} (residual, with stages that take the bits of a winner among H), {@code gumbel}, {@code
   *     concrete}, {@code fsq} or {@code lfq}
   * @param architecture {@code single} (one level of tokens), {@code hierarchy} (a second level of
   *     plain tokens below those of the system) or {@code continuous} (latents of no system, not
   *     quantized, as many as there would be tokens)
   * @param baseTokens T1, tokens of the base codebook an image
   * @param secondaryTokens T2, tokens that are masked; without {@code mvq} plain tokens more, or 0
   * @param bottomTokens tokens of the hierarchy's second level, if {@code grid} is 0
   * @param latentNoise deviation of what is added to continuous latents while training
   * @param codes K, codes a codebook; a power of two for {@code lfq}; {@code fsq} has its levels
   * @param codeWidth D, floats a base code
   * @param maskWidth C, floats a secondary code, hence bits a dropout mask
   * @param hypotheses H, dropout masks searched an image
   * @param dropout p, the chance that a bit is 0
   * @param winnerPerToken one winner a base token instead of one an image
   * @param headHidden widths of the hypothesis head's hidden layers; empty for a linear head
   * @param width channels of the first convolution
   * @param grid side of the map whose positions are the tokens, which share a codebook: 2, 4, 8 or
   *     16 for 4, 16, 64 or 256 tokens in place of T1 + T2; 0 for tokens of the whole image. In a
   *     hierarchy it is the lower level's; the upper has half the side, or, with {@code mvq}, T1 +
   *     T2 tokens
   * @param cosine compare directions, not positions
   * @param codebookWidth floats a code is searched in after a projection; 0 searches in full width
   * @param commitment weight of the commitment loss
   * @param winnerWeight weight of the winner-takes-all loss
   * @param codebookDecay EMA decay of the codebooks; 0 replaces codes by each batch's means
   * @param deadAfter steps without use after which a code is restarted; 0 never
   * @param residualStages stages of {@code rvq}; H must be a power of so many equal codebooks
   * @param levels levels of each float of an {@code fsq} token
   * @param relaxed temperature and divergence of {@code gumbel} and {@code concrete}
   * @param entropyWeight weight of the entropy loss of {@code lfq}
   * @param masks which masks {@code mvq} tries and how they learn
   */
  public record Model(
      String system,
      String architecture,
      int baseTokens,
      int secondaryTokens,
      int bottomTokens,
      double latentNoise,
      int codes,
      int codeWidth,
      int maskWidth,
      int hypotheses,
      double dropout,
      boolean winnerPerToken,
      List<Integer> headHidden,
      int width,
      int grid,
      boolean cosine,
      int codebookWidth,
      double commitment,
      double winnerWeight,
      double codebookDecay,
      int deadAfter,
      int residualStages,
      List<Integer> levels,
      RelaxedTokens relaxed,
      double entropyWeight,
      MaskSearch masks) {
    /** The systems. */
    public static final List<String> SYSTEMS =
        List.of("vq", "mvq", "rvq", "gumbel", "concrete", "fsq", "lfq");

    public Model {
      Limits.oneOf("model.system", system, SYSTEMS);
      Limits.oneOf(
          "model.architecture", architecture, List.of("single", "hierarchy", "continuous"));
      Limits.atLeast("model.baseTokens", baseTokens, 1);
      Limits.atLeast("model.secondaryTokens", secondaryTokens, system.equals("mvq") ? 1 : 0);
      Limits.atLeast("model.bottomTokens", bottomTokens, 1);
      Limits.nonNegative("model.latentNoise", latentNoise);
      Limits.atLeast("model.codes", codes, 1);
      Limits.atLeast("model.codeWidth", codeWidth, 1);
      Limits.atLeast("model.maskWidth", maskWidth, 1);
      Limits.atLeast("model.hypotheses", hypotheses, 1);
      Limits.insideUnit("model.dropout", dropout);
      Limits.present("model.headHidden", headHidden);
      headHidden = List.copyOf(headHidden);
      headHidden.forEach(hidden -> Limits.atLeast("model.headHidden", hidden, 1));
      Limits.atLeast("model.width", width, 1);
      Limits.oneOf("model.grid", grid, grids(system, architecture));
      Limits.between("model.codebookWidth", codebookWidth, 0, codeWidth);
      Limits.nonNegative("model.commitment", commitment);
      Limits.nonNegative("model.winnerWeight", winnerWeight);
      Limits.belowOne("model.codebookDecay", codebookDecay);
      Limits.atLeast("model.deadAfter", deadAfter, 0);
      Limits.atLeast("model.residualStages", residualStages, 1);
      if (system.equals("rvq")) {
        ResidualStages.codes(hypotheses, residualStages);
      }
      if (system.equals("lfq") && (codes < 2 || Integer.bitCount(codes) != 1)) {
        throw Limits.bad("model.codes", "must be a power of two for lfq", codes);
      }
      Limits.present("model.levels", levels);
      levels = List.copyOf(levels);
      levels.forEach(level -> Limits.atLeast("model.levels", level, 2));
      Limits.present("model.relaxed", relaxed);
      Limits.nonNegative("model.entropyWeight", entropyWeight);
      Limits.present("model.masks", masks);
      if (system.equals("mvq")) {
        masks.check(maskWidth);
      }
    }

    /** Codes of each of {@code rvq}'s stages: together they take the bits of a winner. */
    public int stageCodes() {
      return ResidualStages.codes(hypotheses, residualStages);
    }

    /** A grid has no masks of its own; its upper level has half its side and at least 2. */
    private static List<Integer> grids(String system, String architecture) {
      return switch (architecture) {
        case "hierarchy" -> List.of(0, 4, 8, 16);
        case "single" -> system.equals("mvq") ? List.of(0) : List.of(0, 2, 4, 8, 16);
        default -> List.of(0, 2, 4, 8, 16);
      };
    }
  }

  /**
   * How a model is trained.
   *
   * @param steps optimizer steps
   * @param batch images (or token rows) a batch
   * @param accumulate batches whose gradients are averaged before one step
   * @param learningRate the peak, reached after the warm-up
   * @param warmup steps of linear rise; a run that is shorter ends below the peak
   * @param floor learning rate after the last step, as a share of the peak
   * @param weightDecay AdamW's, on matrices and convolutions only
   * @param beta2 AdamW's second decay
   * @param clip greatest global norm of the gradients; 0 does not clip
   * @param averageDecay EMA decay of the weights for evaluation; 0 switches it off
   * @param seed of LibTorch's generator and of the data's order
   */
  public record Training(
      long steps,
      int batch,
      int accumulate,
      double learningRate,
      long warmup,
      double floor,
      double weightDecay,
      double beta2,
      double clip,
      double averageDecay,
      long seed) {
    public Training {
      Limits.atLeast("training.steps", steps, 1);
      Limits.atLeast("training.batch", batch, 1);
      Limits.atLeast("training.accumulate", accumulate, 1);
      Limits.positive("training.learningRate", learningRate);
      Limits.atLeast("training.warmup", warmup, 0);
      Limits.between("training.floor", floor, 0, 1);
      Limits.nonNegative("training.weightDecay", weightDecay);
      Limits.insideUnit("training.beta2", beta2);
      Limits.nonNegative("training.clip", clip);
      Limits.belowOne("training.averageDecay", averageDecay);
    }
  }
}
