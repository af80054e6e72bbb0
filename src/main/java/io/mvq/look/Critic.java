package io.mvq.look;

import io.mvq.metric.LabelledImages;
import io.mvq.tensor.Parameters;
import io.mvq.tensor.RandomState;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Lets a small look go on learning while it is trained against: to tell drawn images from real
 * ones, at each place of each of its maps. So its maps come to show what is still wrong with the
 * images (Cramer GAN, arXiv 1705.10743; MMD GAN, 1705.08584). Unlike a discriminator's, its verdict
 * is not what the autoencoder follows, which minimises a proper score of maps of length 1: it finds
 * no direction in which to run away.
 *
 * <p>It may go on telling classes beside: then its maps still tell what the images show and not
 * texture alone.
 */
public final class Critic extends Module {
  /**
   * What it makes of a batch; scalars with graphs to its own weights alone.
   *
   * @param told mean over the maps of the cross-entropy, real against drawn: ln 4 where it cannot
   *     tell
   * @param classes cross-entropy of the real images' classes; null if it keeps none
   */
  public record Verdict(Tensor told, Tensor classes) {}

  private final SmallNetwork network;
  private final List<LinearImpl> verdicts = new ArrayList<>();
  private final LinearImpl tells;

  /**
   * Lets a look learn on.
   *
   * @param classes that it goes on telling, 0 for none
   * @param seed of what it adds to the look's weights; the caller's generator is left as it was
   */
  public Critic(SmallLook look, int classes, long seed) {
    super("Critic");
    network = register_module("network", look.network());
    Parameters.all(network).values().forEach(weight -> weight.set_requires_grad(true));
    try (RandomState.Aside aside = RandomState.aside(seed)) {
      for (int width : SmallLook.widths()) {
        verdicts.add(register_module("verdict" + verdicts.size(), new LinearImpl(width, 1)));
      }
      tells =
          classes == 0 ? null : register_module("tells", SmallLook.tells(Lesson.LABELS, classes));
    }
  }

  /**
   * Judges real and drawn images in one pass.
   *
   * @param real (n, c, side, side), labelled if it tells classes
   * @param drawn (m, c, side, side)
   */
  public Verdict judge(LabelledImages real, Tensor drawn) {
    Tensor images = real.images().detach();
    long n = images.size(0);
    List<Tensor> maps = network.maps(torch.cat(new TensorVector(images, drawn.detach()), 0));
    Tensor sum = null;
    for (int i = 0; i < maps.size(); i++) {
      Tensor logits = verdicts.get(i).forward(maps.get(i).permute(0, 2, 3, 1));
      Tensor missed = torch.softplus(logits.narrow(0, 0, n).neg()).mean();
      Tensor taken = torch.softplus(logits.narrow(0, n, drawn.size(0))).mean();
      Tensor both = missed.add(taken);
      sum = sum == null ? both : sum.add(both);
    }
    Tensor told = sum.div(new Scalar((double) maps.size()));
    return new Verdict(told, tells == null ? null : classes(maps, real.labels(), n));
  }

  private Tensor classes(List<Tensor> maps, Tensor labels, long n) {
    Tensor pooled = maps.get(maps.size() - 1).narrow(0, 0, n).mean(2, 3);
    return torch.cross_entropy_loss(tells.forward(pooled), labels);
  }
}
