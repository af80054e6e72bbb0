package io.mvq.hypothesis;

import io.mvq.kernel.MaskBits;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Parameters;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import io.mvq.tensor.Views;
import java.util.List;
import org.bytedeco.pytorch.GroupNormImpl;
import org.bytedeco.pytorch.GroupNormOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * MH-Dropout: H dropout masks over the secondary codes give H residuals; the one that brings the
 * base nearest to the target wins. All H are searched without a graph by the kernel, then the head
 * runs once more, with a graph, for the winners: memory is that of one hypothesis.
 */
public final class MultipleHypothesesDropout extends Module {
  /**
   * Shapes and search.
   *
   * @param secondaryTokens T2, masked tokens an instance
   * @param maskWidth C, floats of a secondary code and bits of a mask
   * @param baseTokens T1, base tokens an instance
   * @param codeWidth D, floats a base code
   * @param hypotheses H, masks tried for an instance in training and encoding
   * @param dropout p, probability that a bit drops, in 0..1; the paper's 0.5
   * @param winnerPerToken one winner for each base token instead of one an instance
   * @param hidden widths of the head's hidden layers, 0 to 3 of them
   * @param seed of the masks
   */
  public record Settings(
      long secondaryTokens,
      long maskWidth,
      long baseTokens,
      long codeWidth,
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
   * @param residual (n, T1, D), with a graph
   * @param loss scalar: mean squared error of the winners (while annealed, of the best hypotheses
   *     by their share), with a graph to the head, the latents, base and target
   * @param mixture scalar: the mixture head's negative log likelihood of the winners; null without
   * @param masks the winners' masks: (n, C), or (n * T1, C) with a winner a token, float32 zeros
   *     and ones
   */
  public record Winners(Tensor residual, Tensor loss, Tensor mixture, Tensor masks) {}

  private final Settings settings;
  private final SearchOptions options;
  private final TriedMasks tried;
  private final GroupNormImpl norm;
  private final HypothesisHead head;
  private final MixtureHead mixture;
  private final Tensor drawn;

  /** As the first paper has it. */
  public MultipleHypothesesDropout(Settings settings) {
    this(settings, SearchOptions.PLAIN);
  }

  /** With options. */
  public MultipleHypothesesDropout(Settings settings, SearchOptions options) {
    super("MultipleHypothesesDropout");
    this.settings = settings;
    this.options = options;
    tried = new TriedMasks(settings, options);
    norm =
        register_module("norm", new GroupNormImpl(new GroupNormOptions(1, settings.maskWidth())));
    long[] widths = new long[settings.hidden().size() + 2];
    widths[0] = settings.secondaryTokens() * settings.maskWidth();
    for (int i = 0; i < settings.hidden().size(); i++) {
      widths[i + 1] = settings.hidden().get(i);
    }
    widths[widths.length - 1] = settings.baseTokens() * settings.codeWidth();
    head = register_module("head", new HypothesisHead(widths));
    long seen = widths[0] + widths[widths.length - 1];
    mixture =
        options.mixture()
            ? register_module(
                "mixture",
                new MixtureHead(seen, winners(), options.masks().size(settings.maskWidth())))
            : null;
    drawn = Parameters.buffer(this, "rows_drawn", Tensors.longZeros(1));
  }

  /** As {@link #forward(Tensor, Tensor, Tensor, double)} at the end of an annealing. */
  public Winners forward(Tensor latents, Tensor base, Tensor target) {
    return forward(latents, base, target, 1);
  }

  /**
   * Finds the winners and runs them with a graph.
   *
   * @param latents c2, (n, T2, C)
   * @param base c1, (n, T1, D)
   * @param target y1, (n, T1, D)
   * @param progress share of the training that is done, 0..1
   */
  public Winners forward(Tensor latents, Tensor base, Tensor target, double progress) {
    double temperature = is_training() ? options.temperature() * (1 - progress) : 0;
    int top = temperature > 0 ? options.top() : 1;
    long n = latents.size(0);
    Tensor listed = is_training() ? tried.inTraining(n) : tried.inEncoding(n);
    HypothesisSearch.Found found = search(latents, base, target, top, listed, nextRow(n));
    Tensor masks = masks(found, 0);
    Tensor residual = residual(latents, masks);
    Tensor loss = torch.mse_loss(base.add(residual), target);
    if (top > 1) {
      Tensor shares = found.losses().div(new Scalar(-temperature)).softmax(1);
      loss = shared(shares.select(1, 0), residual, base, target);
      for (int rank = 1; rank < top; rank++) {
        Tensor other = residual(latents, masks(found, rank));
        loss = loss.add(shared(shares.select(1, rank), other, base, target));
      }
    }
    return new Winners(residual, loss, mixtureLoss(latents, base, listed, found), masks);
  }

  /**
   * The winners' masks, whatever the mode: drawn, of the stream's first H for every instance, so
   * that a code does not depend on its place in a batch; listed, of all. No graph.
   */
  public MaskBits encode(Tensor latents, Tensor base, Tensor target) {
    long n = latents.size(0);
    Tensor listed = tried.inEncoding(n);
    Tensor words = search(latents, base, target, 1, listed, 0).words().select(1, 0);
    return Views.copy(words, settings.maskWidth());
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

  /** Lets training go on in the masks' stream as if it had drawn for so many instances. */
  public void seek(long instances) {
    drawn.fill_(new Scalar(instances));
  }

  private HypothesisSearch.Found search(
      Tensor latents, Tensor base, Tensor target, int top, Tensor listed, long firstRow) {
    try (NoGradGuard guard = new NoGradGuard()) {
      return HypothesisSearch.best(
          settings,
          head,
          normalized(latents).flatten(1, -1).contiguous(),
          base.detach().flatten(1, -1).contiguous(),
          target.detach().flatten(1, -1).contiguous(),
          top,
          listed,
          tried.stream(firstRow));
    }
  }

  /** The masks of a rank, (places, C) float32. */
  private Tensor masks(HypothesisSearch.Found found, int rank) {
    return Views.unpack(found.words().select(1, rank), settings.maskWidth());
  }

  /** The mean squared error with each place's share, (places). */
  private Tensor shared(Tensor shares, Tensor residual, Tensor base, Tensor target) {
    Tensor error = base.add(residual).sub(target).square().mean(2);
    Tensor each = settings.winnerPerToken() ? error.flatten(0, 1) : error.mean(1);
    return each.mul(shares).mean();
  }

  private Tensor mixtureLoss(
      Tensor latents, Tensor base, Tensor listed, HypothesisSearch.Found found) {
    if (mixture == null) {
      return null;
    }
    Scalar first = new Scalar(options.masks().first());
    Tensor logits = mixture.forward(normalized(latents).flatten(1, -1), base.flatten(1, -1));
    Tensor winner = found.words().select(1, 0).reshape(-1, winners()).sub(first);
    return MixtureHead.loss(logits, Devices.like(listed.sub(first), logits), winner);
  }

  /**
   * One mask for each winner, drawn by the mixture head; uniformly without one.
   *
   * @param latents c2, (n, T2, C)
   * @param base c1, (n, T1, D)
   */
  public MaskBits likelyMasks(Tensor latents, Tensor base, long seed) {
    if (mixture == null) {
      return randomMasks(latents.size(0), seed);
    }
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor logits = mixture.forward(normalized(latents).flatten(1, -1), base.flatten(1, -1));
      Tensor words = MixtureHead.draw(logits, seed).add(new Scalar(options.masks().first()));
      return Views.copy(words.unsqueeze(1), settings.maskWidth());
    }
  }

  /** One mask drawn at random for each winner's place of n instances, from a stream of its own. */
  public MaskBits randomMasks(long n, long seed) {
    return tried.random(n * winners(), seed);
  }

  /**
   * The residuals of masks drawn as sampling draws them: by the mixture head, if there is one, else
   * at random. With a graph to the latents and the head; winners have no part in them.
   *
   * @param latents c2, (n, T2, C)
   * @param base c1, (n, T1, D)
   * @param draws m, masks for each winner's place, at least 1
   * @param seed of the masks' stream
   * @param first the place in that stream of instance 0, at least 0: a batch is a window of it
   * @return (m * n, T1, D), draw by draw
   */
  public Tensor drawn(Tensor latents, Tensor base, int draws, long seed, long first) {
    long n = latents.size(0);
    Tensor many = latents.repeat(draws, 1, 1);
    if (mixture != null) {
      long mixed = seed + 0x9E3779B97F4A7C15L * (first + 1);
      return residual(many, likelyMasks(many, base.repeat(draws, 1, 1), mixed));
    }
    long winners = winners();
    MaskBits masks = tried.draws(n * winners, draws, seed, first * winners);
    Tensor each = Views.unpack(masks).reshape(n, winners, draws, settings.maskWidth());
    Tensor kept = each.permute(2, 0, 1, 3).reshape(-1, settings.maskWidth());
    return residual(many, Devices.like(kept, latents));
  }

  /** Bits that name an instance's winners among the masks that encoding tries. */
  public double bits() {
    return winners() * (Math.log(tried.number()) / Math.log(2));
  }

  /**
   * The residual that given masks make of the latents.
   *
   * @param latents c2, (n, T2, C)
   * @param masks n, or n * T1 with a winner a token
   * @return (n, T1, D)
   */
  public Tensor residual(Tensor latents, MaskBits masks) {
    return residual(latents, Devices.like(Views.unpack(masks), latents));
  }

  /**
   * As {@link #residual(Tensor, MaskBits)} with masks of any weights, (n * winners, C) float32:
   * blends of masks too.
   */
  public Tensor residual(Tensor latents, Tensor kept) {
    long n = latents.size(0);
    long winners = winners();
    Shapes.require(latents, "latents", n, settings.secondaryTokens(), settings.maskWidth());
    Shapes.require(kept, "masks", n * winners, settings.maskWidth());
    Tensor each = kept.reshape(n, winners, 1, settings.maskWidth());
    Tensor masked = normalized(latents).unsqueeze(1).mul(each);
    Tensor out =
        head.forward(masked.reshape(n * winners, -1))
            .reshape(n, winners, settings.baseTokens(), settings.codeWidth());
    // With a winner a token, run t is kept at token t only.
    return winners == 1 ? out.squeeze(1) : out.diagonal(0, 1, 2).permute(0, 2, 1);
  }

  /** Winners an instance. */
  public long winners() {
    return settings.winnerPerToken() ? settings.baseTokens() : 1;
  }

  /** Shapes and search. */
  public Settings settings() {
    return settings;
  }

  /** GroupNorm of one group over an instance's T2 * C latents. */
  private Tensor normalized(Tensor latents) {
    return norm.forward(latents.to(ScalarType.Float).transpose(1, 2)).transpose(1, 2);
  }
}
