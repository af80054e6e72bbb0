package io.mvq.hypothesis;

import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A weight for each listed mask, as of the components of a mixture of multiple outputs (arXiv
 * 2312.11735): learns from the latents and the base which mask is likely to win, so that sampling
 * need not draw it blindly. Its inputs are detached: it watches the autoencoder without pulling it.
 */
final class MixtureHead extends Module {
  private static final long HIDDEN = 128;

  private final long winners;
  private final long masks;
  private final HypothesisHead head;

  /** Of so many masks for each winner of a row. */
  MixtureHead(long inputs, long winners, long masks) {
    super("MixtureHead");
    this.winners = winners;
    this.masks = masks;
    head = register_module("head", new HypothesisHead(inputs, HIDDEN, winners * masks));
  }

  /** Log weights up to a constant, (n, winners, masks). */
  Tensor forward(Tensor latents, Tensor base) {
    Tensor seen = torch.cat(new TensorVector(latents.detach(), base.detach()), 1);
    return head.forward(seen).reshape(-1, winners, masks);
  }

  /**
   * The negative log likelihood of the winners among the masks that were tried, a scalar: one that
   * was not tried could not win and says nothing.
   *
   * @param logits (n, winners, masks)
   * @param tried masks by number, (n, tried) int64
   * @param winner masks by number, (n, winners) int64
   */
  static Tensor loss(Tensor logits, Tensor tried, Tensor winner) {
    Tensor among = tried.unsqueeze(1).expand(tried.size(0), logits.size(1), tried.size(1));
    Tensor all = logits.gather(2, among).logsumexp(2);
    return all.sub(logits.gather(2, winner.clamp_min(new Scalar(0)).unsqueeze(2)).squeeze(2))
        .mean();
  }

  /** One mask for each winner by its weight, (n * winners) int64 on the CPU. */
  static Tensor draw(Tensor logits, long seed) {
    Tensor rows = logits.detach().flatten(0, 1).softmax(1).cpu();
    return torch
        .multinomial(rows, 1, false, new GeneratorOptional(torch.make_generator_cpu(seed)))
        .squeeze(1);
  }
}
