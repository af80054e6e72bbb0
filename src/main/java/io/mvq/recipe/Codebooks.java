package io.mvq.recipe;

import io.mvq.quantize.Codebook;
import io.mvq.quantize.VectorQuantizer;
import io.mvq.setting.Flag;
import io.mvq.setting.Limits;

/**
 * Codebooks that learn by moving averages (VQ-VAE, arXiv 1711.00937, appendix A.1).
 *
 * @param codes K, codes a codebook
 * @param cosine compare directions, not positions
 * @param searchWidth floats a code is searched in after a projection; 0 searches in full width
 * @param commitment weight of the commitment loss
 * @param decay of the moving averages, between 0 and 1
 * @param deadAfter steps without use after which a code is restarted; 0 never
 */
public record Codebooks(
    @Flag(name = "codes", value = "256", label = "K", help = "codes a codebook") int codes,
    @Flag(name = "cosine", value = "false", help = "compare codes by direction") boolean cosine,
    @Flag(
            name = "codebook-width",
            value = "0",
            label = "FLOATS",
            help = "search codes in so many dimensions; 0 for all")
        int searchWidth,
    @Flag(
            name = "commitment",
            value = "0.25",
            label = "WEIGHT",
            help = "weight of the commitment loss")
        double commitment,
    @Flag(
            name = "codebook-decay",
            value = "0.99",
            label = "DECAY",
            help = "of the codebooks' moving averages")
        double decay,
    @Flag(
            name = "dead-after",
            value = "100",
            label = "STEPS",
            help = "unused steps after which a code restarts; 0 for never")
        int deadAfter) {
  public Codebooks {
    Limits.atLeast("codes", codes, 1);
    Limits.atLeast("codebook-width", searchWidth, 0);
    Limits.nonNegative("commitment", commitment);
    Limits.insideUnit("codebook-decay", decay);
    Limits.atLeast("dead-after", deadAfter, 0);
  }

  /** Throws unless codes of so many floats can be searched so. */
  void check(int width) {
    Limits.between("codebook-width", searchWidth, 0, width);
  }

  /** Of codes of so many floats. */
  VectorQuantizer quantizer(int width) {
    return new VectorQuantizer(codes, width, Math.min(searchWidth, width), learning());
  }

  /** Of so many other codes, searched in full width: a residual's stage. */
  VectorQuantizer stage(int stageCodes, long width) {
    return new VectorQuantizer(stageCodes, width, 0, learning());
  }

  private Codebook.Learning learning() {
    return new Codebook.Learning(decay, deadAfter, cosine);
  }
}
