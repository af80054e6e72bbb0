package io.mvq.quantize;

import io.mvq.kernel.MaskBits;
import io.mvq.tensor.Shapes;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/**
 * What stands between an encoder and a decoder: latents to tokens (and, with hypotheses, masks) to
 * vectors. It sees flat rows, (n, {@link #inputs}); a grid of tokens is a row with one position
 * after the other. Bottlenecks are put together: see {@link SharedTokens} and {@link
 * SeparateTokens}.
 */
public abstract class Bottleneck extends Module {
  /**
   * A training pass.
   *
   * @param vectors (n, outputs), with a graph to the latents
   * @param tokens (n, t) int64
   * @param losses named scalars with a graph, already weighted: their sum is to be minimised
   * @param redraw the same pass with other masks; null without masks
   */
  public record Result(Tensor vectors, Tensor tokens, Map<String, Tensor> losses, Redraw redraw) {
    /** Of a bottleneck that has nothing to draw. */
    public Result(Tensor vectors, Tensor tokens, Map<String, Tensor> losses) {
      this(vectors, tokens, losses, null);
    }
  }

  /** A training pass with drawn masks in place of the winners'; learns nothing. */
  public interface Redraw {
    /**
     * The vectors of the pass's first rows with masks drawn as sampling draws them.
     *
     * @param rows of the pass that are drawn for, at most its n
     * @param draws m, for each of them
     * @param seed of the masks' stream
     * @param first the place of row 0 in that stream
     * @return (m * rows, outputs), draw by draw, with a graph to the latents
     */
    Tensor vectors(long rows, int draws, long seed, long first);
  }

  protected Bottleneck(String name) {
    super(name);
  }

  /**
   * Quantizes; in training mode it learns what is not learned by gradients.
   *
   * @param latents float32 (n, inputs)
   * @param progress share of the training that is done, 0..1: what schedules go by
   */
  public abstract Result forward(Tensor latents, double progress);

  /** Tokens and winners' masks; no graph, nothing learns in any mode. */
  public abstract Encoding encode(Tensor latents);

  /**
   * The vectors of tokens, (n, outputs); no graph.
   *
   * @param tokens (n, t) int64, each below its number of codes; on the bottleneck's device
   * @param masks one for each winner of each row; ignored by a bottleneck without masks
   */
  public abstract Tensor lookup(Tensor tokens, MaskBits masks);

  /** Sets codebooks by k-means on these latents; a bottleneck without any has nothing to set. */
  public void initialize(Tensor latents) {}

  /**
   * Lets what training draws row by row, e.g. hypotheses' masks, go on as if so many rows had gone
   * through since it began; most draw nothing.
   */
  public void seek(long rows) {}

  /** Codes to choose from at each of the t tokens. */
  public abstract int[] codes();

  /**
   * The codebook that each of the t tokens chooses from, numbered from 0 in the order of the
   * tokens; one each, where a bottleneck says nothing else.
   */
  public int[] codebooks() {
    return IntStream.range(0, codes().length).toArray();
  }

  /** The codebooks of tokens that stand behind others. */
  public static int[] behind(int[] codebooks, int[] more) {
    int first = codebooks.length == 0 ? 0 : Arrays.stream(codebooks).max().getAsInt() + 1;
    return IntStream.concat(Arrays.stream(codebooks), Arrays.stream(more).map(book -> first + book))
        .toArray();
  }

  /** Floats a row of latents. */
  public abstract long inputs();

  /** Floats a row of vectors. */
  public abstract long outputs();

  /** Masks a row: 1, or one for each base token; 0 for a bottleneck without masks. */
  public long winners() {
    return 0;
  }

  /** Bits that name a row's winners among their hypotheses; 0 without masks. */
  public double maskBits() {
    return 0;
  }

  /** One random mask for each winner of n rows; none without masks. */
  public MaskBits randomMasks(long n, long seed) {
    return MaskBits.none();
  }

  /**
   * One mask for each winner of these tokens, drawn as likely as they make it where the bottleneck
   * learns that; else as {@link #randomMasks}.
   */
  public MaskBits drawMasks(Tensor tokens, long seed) {
    return randomMasks(tokens.size(0), seed);
  }

  /** Throws unless latents are rows of this bottleneck's width. */
  protected final Tensor check(Tensor latents) {
    return Shapes.require(latents, "latents", Shapes.ANY, inputs());
  }
}
