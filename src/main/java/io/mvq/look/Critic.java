package io.mvq.look;

import io.mvq.metric.LabelledImages;
import io.mvq.tensor.Parameters;
import io.mvq.tensor.RandomState;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
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
 * <p>It may keep a lesson beside: with the classes' its maps still tell what the images show and
 * not texture alone.
 */
public final class Critic extends Module {
  private final SmallNetwork network;
  private final List<LinearImpl> verdicts = new ArrayList<>();
  private final Lesson lesson;
  private final LinearImpl tells;

  /**
   * Lets a look learn on.
   *
   * @param lesson that it keeps; null for none
   * @param classes of the images; read by {@link Lesson#LABELS} alone
   * @param seed of what it adds to the look's weights; the caller's generator is left as it was
   */
  public Critic(SmallLook look, Lesson lesson, int classes, long seed) {
    super("Critic");
    this.lesson = lesson;
    network = register_module("network", look.network());
    Parameters.all(network).values().forEach(weight -> weight.set_requires_grad(true));
    try (RandomState.Aside aside = RandomState.aside(seed)) {
      for (int width : SmallLook.widths()) {
        verdicts.add(register_module("verdict" + verdicts.size(), new LinearImpl(width, 1)));
      }
      tells = lesson == null ? null : register_module("tells", SmallLook.tells(lesson, classes));
    }
  }

  /**
   * The mean over the maps of the cross-entropy, real against drawn: ln 4 where it cannot tell; a
   * scalar with a graph to its own weights alone.
   *
   * @param real (n, c, side, side)
   * @param drawn (m, c, side, side)
   */
  public Tensor told(Tensor real, Tensor drawn) {
    long n = real.size(0);
    List<Tensor> maps = network.maps(torch.cat(new TensorVector(real.detach(), drawn.detach()), 0));
    Tensor sum = null;
    for (int i = 0; i < maps.size(); i++) {
      Tensor logits = verdicts.get(i).forward(maps.get(i).permute(0, 2, 3, 1));
      Tensor missed = torch.softplus(logits.narrow(0, 0, n).neg()).mean();
      Tensor taken = torch.softplus(logits.narrow(0, n, drawn.size(0))).mean();
      Tensor both = missed.add(taken);
      sum = sum == null ? both : sum.add(both);
    }
    return sum.div(new org.bytedeco.pytorch.Scalar((double) maps.size()));
  }

  /**
   * The lesson's loss, a scalar with a graph to its own weights; null without a lesson.
   *
   * @param real (n, c, side, side), with labels for {@link Lesson#LABELS}
   */
  public Tensor lesson(LabelledImages real) {
    return lesson == null ? null : SmallLook.lesson(lesson, real, network, tells);
  }
}
