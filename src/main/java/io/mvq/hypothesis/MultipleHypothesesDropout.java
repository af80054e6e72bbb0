package io.mvq.hypothesis;

import io.mvq.kernel.Dropout;
import io.mvq.kernel.DropoutMasks;
import io.mvq.kernel.MaskBits;
import io.mvq.kernel.SelectHypothesis;
import io.mvq.kernel.Where;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Parameters;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import io.mvq.tensor.Views;
import java.lang.ref.Reference;
import java.util.List;
import org.bytedeco.pytorch.GroupNormImpl;
import org.bytedeco.pytorch.GroupNormOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * MH-Dropout: h dropout masks over a latent give h residuals; the one that brings the base nearest
 * to the target wins. All h are searched without a graph by the kernel, then the head runs once
 * more, with a graph, for the winners: memory is that of one hypothesis.
 */
public final class MultipleHypothesesDropout extends Module {
  /**
   * Shapes and search.
   *
   * @param latents t2, latent tokens an instance
   * @param channels c, channels of a latent and bits of a mask
   * @param tokens t1, base tokens an instance
   * @param width d, floats a base token
   * @param hypotheses h, masks tried for an instance in training and encoding
   * @param dropout p, probability that a bit drops, in 0..1; the paper's 0.5
   * @param winnerPerToken one winner for each base token instead of one an instance
   * @param hidden widths of the head's hidden layers, 0 to 3 of them
   * @param seed of the masks
   */
  public record Settings(
      long latents,
      long channels,
      long tokens,
      long width,
      long hypotheses,
      double dropout,
      boolean winnerPerToken,
      List<Integer> hidden,
      long seed) {
    public Settings {
      hidden = List.copyOf(hidden);
      if (!(dropout >= 0 && dropout <= 1)) {
        throw new IllegalArgumentException("dropout must be in 0..1, got " + dropout);
      }
      if (hypotheses < 1) {
        throw new IllegalArgumentException("hypotheses must be at least 1, got " + hypotheses);
      }
    }
  }

  /**
   * The winners.
   *
   * @param residual (n, t1, d), with a graph
   * @param loss scalar: mean squared error of the winners, with a graph to the head, the latents,
   *     base and target
   * @param masks the winners' masks: (n, c), or (n * t1, c) with a winner a token, float32 zeros
   *     and ones
   */
  public record Winners(Tensor residual, Tensor loss, Tensor masks) {}

  private final Settings settings;
  private final GroupNormImpl norm;
  private final HypothesisHead head;
  private final Tensor drawn;

  public MultipleHypothesesDropout(Settings settings) {
    super("MultipleHypothesesDropout");
    this.settings = settings;
    norm = register_module("norm", new GroupNormImpl(new GroupNormOptions(1, settings.channels())));
    long[] widths = new long[settings.hidden().size() + 2];
    widths[0] = settings.latents() * settings.channels();
    for (int i = 0; i < settings.hidden().size(); i++) {
      widths[i + 1] = settings.hidden().get(i);
    }
    widths[widths.length - 1] = settings.tokens() * settings.width();
    head = register_module("head", new HypothesisHead(widths));
    drawn = Parameters.buffer(this, "rows_drawn", Tensors.longZeros(1));
  }

  /**
   * Finds the winners and runs them with a graph.
   *
   * @param latents c2, (n, t2, c)
   * @param base c1, (n, t1, d)
   * @param target y1, (n, t1, d)
   */
  public Winners forward(Tensor latents, Tensor base, Tensor target) {
    Tensor words = search(latents, base, target, nextRow(latents.size(0)));
    Tensor masks = Views.unpack(words, settings.channels());
    Tensor residual = residual(latents, masks);
    return new Winners(residual, torch.mse_loss(base.add(residual), target), masks);
  }

  /** The winners' masks among the first h of the stream, whatever the mode; no graph. */
  public MaskBits encode(Tensor latents, Tensor base, Tensor target) {
    return Views.copy(search(latents, base, target, 0), settings.channels());
  }

  /** In training each call draws the next masks of the stream, so that a resumed run repeats. */
  private long nextRow(long n) {
    if (!is_training()) {
      return 0;
    }
    long first = drawn.item_long();
    drawn.add_(new Scalar(n));
    return first;
  }

  /** The winners' mask words, int64 (n * winners, words), on the device of the latents. */
  private Tensor search(Tensor latents, Tensor base, Tensor target, long firstRow) {
    Dropout dropout = new Dropout(settings.seed(), firstRow, 1 - settings.dropout());
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor normed = normalized(latents).flatten(1, -1).contiguous();
      Tensor from = base.detach().flatten(1, -1).contiguous();
      Tensor to = target.detach().flatten(1, -1).contiguous();
      SelectHypothesis.Question question =
          new SelectHypothesis.Question(
              Views.matrix(normed, "latents"),
              settings.channels(),
              head.kernelHead(),
              Views.matrix(from, "base"),
              Views.matrix(to, "target"),
              settings.width(),
              settings.winnerPerToken());
      Shapes.requireTogether(from, "base", normed, "latents");
      Shapes.requireTogether(to, "target", normed, "latents");
      long places = latents.size(0) * winners();
      TensorOptions options = Tensors.options(ScalarType.Long, normed.device());
      Tensor index = torch.empty(new long[] {places}, options, null);
      long[] shape = {places, MaskBits.words(settings.channels())};
      Tensor words = torch.empty(shape, options, null);
      SelectHypothesis.Winners winners =
          new SelectHypothesis.Winners(
              Views.longs(index, "index"),
              null,
              Views.masks(words, settings.channels(), "winners' masks"));
      Where where = Devices.where(normed);
      SelectHypothesis.select(question, settings.hypotheses(), 1, null, dropout, where, winners);
      // The views do not own their tensors: not to be collected under the kernel.
      Reference.reachabilityFence(normed);
      Reference.reachabilityFence(from);
      Reference.reachabilityFence(to);
      Reference.reachabilityFence(index);
      return words;
    }
  }

  /** One mask drawn at random for each winner's place of n instances, from a stream of its own. */
  public MaskBits randomMasks(long n, long seed) {
    return DropoutMasks.draw(
        n * winners(),
        1,
        settings.channels(),
        new Dropout(seed, 0, 1 - settings.dropout()),
        Where.CPU);
  }

  /**
   * The residual that given masks make of the latents.
   *
   * @param latents c2, (n, t2, c)
   * @param masks n, or n * t1 with a winner a token
   * @return (n, t1, d)
   */
  public Tensor residual(Tensor latents, MaskBits masks) {
    return residual(latents, Devices.like(Views.unpack(masks), latents));
  }

  /**
   * As {@link #residual(Tensor, MaskBits)} with masks of any weights, (n * winners, c) float32:
   * blends of masks too.
   */
  public Tensor residual(Tensor latents, Tensor kept) {
    long n = latents.size(0);
    long winners = winners();
    Shapes.require(latents, "latents", n, settings.latents(), settings.channels());
    Shapes.require(kept, "masks", n * winners, settings.channels());
    Tensor each = kept.reshape(n, winners, 1, settings.channels());
    Tensor masked = normalized(latents).unsqueeze(1).mul(each);
    Tensor out =
        head.forward(masked.reshape(n * winners, -1))
            .reshape(n, winners, settings.tokens(), settings.width());
    // With a winner a token, run t is kept at token t only.
    return winners == 1 ? out.squeeze(1) : out.diagonal(0, 1, 2).permute(0, 2, 1);
  }

  /** Winners an instance. */
  public long winners() {
    return settings.winnerPerToken() ? settings.tokens() : 1;
  }

  /** Shapes and search. */
  public Settings settings() {
    return settings;
  }

  /** GroupNorm of one group over an instance's t2 * c latents. */
  private Tensor normalized(Tensor latents) {
    return norm.forward(latents.to(ScalarType.Float).transpose(1, 2)).transpose(1, 2);
  }
}
