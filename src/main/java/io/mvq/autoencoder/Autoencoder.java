package io.mvq.autoencoder;

import io.mvq.tensor.Autocast;
import io.mvq.tensor.Devices;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/** A model that makes an image small and brings it back: what training needs of it. */
public abstract class Autoencoder extends Module {
  /**
   * A training pass.
   *
   * @param images the reconstruction, with a graph
   * @param losses the model's own, named scalars with a graph, already weighted: their sum is to be
   *     minimised beside a {@link ReconstructionLoss}
   * @param drawn images of drawn masks, (m * n', c, side, side), draw by draw, with a graph: of the
   *     first n' images, m of them as asked for, or 1, the reconstruction itself, of a model
   *     without masks; null if none were asked for
   */
  public record Outcome(Tensor images, Map<String, Tensor> losses, Tensor drawn) {}

  Autoencoder(String name) {
    super(name);
  }

  /**
   * Reconstructs with losses; learns what learns without gradients, e.g. codebooks, in training
   * mode.
   *
   * @param images (n, c, side, side) in -1..1
   * @param progress share of the training that is done, 0..1: what schedules go by
   */
  public final Outcome forward(Tensor images, double progress) {
    return forward(images, progress, null);
  }

  /**
   * The same, and images of drawn masks: what a score of draws needs.
   *
   * @param draws how many; null for none
   */
  public abstract Outcome forward(Tensor images, double progress, Draws draws);

  /** The draws of a pass without masks: its reconstructions. */
  static Tensor reconstructed(Tensor decoded, Draws draws) {
    return draws == null ? null : decoded.narrow(0, 0, draws.rows(decoded));
  }

  /** Sets what training should not begin from at random, e.g. codebooks, by these images. */
  public abstract void initialize(Tensor images);

  /**
   * Lets what training draws image by image go on as if so many images had gone through since it
   * began: so a pass draws the same wherever it is computed.
   */
  public void seek(long images) {}

  /** The weight of the decoder's last layer, for the adaptive weight of an adversarial loss. */
  abstract Tensor lastLayer();

  /** In float32, also where training is in bfloat16: what codebooks do. */
  final <T> T exactly(Supplier<T> body) {
    return Autocast.float32(Devices.of(this), body);
  }

  /** Images, tokens or latents on this model's device. */
  final Tensor here(Tensor tensor) {
    return Devices.to(tensor, Devices.of(this));
  }
}
