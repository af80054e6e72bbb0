package io.mvq.autoencoder;

import io.mvq.tensor.Devices;
import java.util.Map;
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
   */
  public record Outcome(Tensor images, Map<String, Tensor> losses) {}

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
  public abstract Outcome forward(Tensor images, double progress);

  /** Sets what training should not begin from at random, e.g. codebooks, by these images. */
  public abstract void initialize(Tensor images);

  /** The weight of the decoder's last layer, for the adaptive weight of an adversarial loss. */
  abstract Tensor lastLayer();

  /** Images, tokens or latents on this model's device. */
  final Tensor here(Tensor tensor) {
    return Devices.to(tensor, Devices.of(this));
  }
}
