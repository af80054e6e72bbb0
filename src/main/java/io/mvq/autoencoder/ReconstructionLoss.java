package io.mvq.autoencoder;

import io.mvq.tensor.Devices;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.L1LossOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * What makes a reconstruction good: pixels, features, and a discriminator's verdict (VQGAN, arXiv
 * 2012.09841, section 3.1). For each batch, ask for {@link #autoencoder} and minimise that, then
 * for {@link #discriminator}.
 */
public final class ReconstructionLoss {
  /**
   * Which losses, and how much of each.
   *
   * @param absolute the pixels' mean absolute error in place of their mean square error
   * @param perceptual weight of the perceptual loss
   * @param adversarial weight of the verdict, 1 to the reconstruction: see {@link #pull}
   * @param start step at which the discriminator begins to learn
   * @param ramp steps from then on over which its verdict gains its weight
   */
  public record Settings(
      boolean absolute, double perceptual, double adversarial, long start, long ramp) {
    /**
     * How hard the verdict pulls at the decoder's last layer, in units of the reconstruction's own
     * pull: w / (1 + w), below 1 for every weight. VQGAN multiplies by w; once that outweighs the
     * reconstruction its error grows, the adaptive weight with it, and training collapses (measured
     * from 1.5 on).
     */
    double pull() {
      return adversarial / (1 + adversarial);
    }
  }

  /**
   * A discriminator's pass.
   *
   * @param loss a scalar with a graph to the discriminator alone
   * @param parts scalars worth logging: mean logits of {@code real} and {@code made} patches, and
   *     the adaptive {@code weight} once the verdict counts
   */
  public record Judged(Tensor loss, Map<String, Tensor> parts) {}

  private final Settings settings;
  private final PerceptualLoss perceptual;
  private final PatchDiscriminator discriminator;
  private Tensor real;
  private Tensor made;
  private Tensor seen;
  private Tensor onMade;
  private Tensor weight;

  /**
   * The losses.
   *
   * @param perceptual null if its weight is 0
   * @param discriminator null if its weight is 0
   */
  public ReconstructionLoss(
      Settings settings, PerceptualLoss perceptual, PatchDiscriminator discriminator) {
    if (settings.perceptual() > 0 && perceptual == null) {
      throw new IllegalArgumentException(
          "perceptual must be given for a weight of " + settings.perceptual() + ", got null");
    }
    if (settings.adversarial() > 0 && discriminator == null) {
      throw new IllegalArgumentException(
          "discriminator must be given for a weight of " + settings.adversarial() + ", got null");
    }
    this.settings = settings;
    this.perceptual = perceptual;
    this.discriminator = discriminator;
  }

  /** Of pixels by their mean square error alone. */
  public static ReconstructionLoss ofPixels() {
    return new ReconstructionLoss(new Settings(false, 0, 0, 0, 0), null, null);
  }

  /** Whether the discriminator learns in a step, counted from 0. */
  public boolean judges(long step) {
    return settings.adversarial() > 0 && step >= settings.start();
  }

  /**
   * The share of its weight that the verdict has in a step: 0 until the start, 1 after the ramp.
   */
  public double share(long step) {
    if (!judges(step)) {
      return 0;
    }
    long past = step - settings.start();
    return past >= settings.ramp() ? 1 : (double) past / settings.ramp();
  }

  /**
   * The reconstruction's losses and the model's own, weighted: their sum is to be minimised. None
   * gives the discriminator a gradient.
   *
   * @param outcome of a forward pass of {@code model} on {@code images}
   */
  public Map<String, Tensor> autoencoder(
      Autoencoder model, Autoencoder.Outcome outcome, Tensor images, long step) {
    made = outcome.images();
    real = Devices.like(images, made);
    weight = null;
    onMade = null;
    Tensor total =
        settings.absolute()
            ? torch.l1_loss(made, real, new L1LossOptions())
            : torch.mse_loss(made, real);
    Map<String, Tensor> losses = new LinkedHashMap<>();
    losses.put("reconstruction", total); // the first summand
    losses.putAll(outcome.losses());
    if (settings.perceptual() > 0) {
      Tensor look = perceptual.between(made, real).mul(new Scalar(settings.perceptual()));
      losses.put("perceptual", look);
      total = total.add(look);
    }
    double share = share(step);
    if (share > 0) {
      onMade = judged(made);
      Tensor verdict = Hinge.autoencoder(onMade);
      Tensor pull = AdaptiveWeight.gradient(verdict, seen, new TensorVector());
      weight = AdaptiveWeight.of(total, made, pull, model.lastLayer());
      // The verdict's value, with a graph that ends at the images: pull is its gradient there.
      Tensor reach = made.mul(pull).sum();
      Tensor value = verdict.detach().add(reach.sub(reach.detach()));
      losses.put("adversarial", value.mul(weight).mul(new Scalar(share * settings.pull())));
    }
    return losses;
  }

  /** Before the passes of a step in which the discriminator learns. */
  public void prepare() {
    discriminator.refine();
  }

  /** The discriminator's loss on the images of the last {@link #autoencoder}, in its scope. */
  public Judged discriminator() {
    Tensor onReal = discriminator.forward(real);
    onMade = onMade == null ? judged(made) : onMade;
    Map<String, Tensor> parts = new LinkedHashMap<>();
    parts.put("real", onReal.mean());
    parts.put("made", onMade.mean());
    if (weight != null) {
      parts.put("weight", weight);
    }
    return new Judged(Hinge.discriminator(onReal, onMade), parts);
  }

  /** Logits of a copy of the images that a graph ends at: one pass serves both sides. */
  private Tensor judged(Tensor images) {
    seen = images.detach().requires_grad_(true);
    return discriminator.forward(seen);
  }
}
