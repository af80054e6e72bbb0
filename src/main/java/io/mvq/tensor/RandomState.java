package io.mvq.tensor;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** LibTorch's CPU random generator: seeded, saved and restored. */
public final class RandomState {
  private RandomState() {}

  /** Restarts the generator. */
  public static void seed(long seed) {
    torch.manual_seed(seed);
  }

  /** The whole state as a uint8 tensor, for a checkpoint. */
  public static Tensor save() {
    return torch.getDefaultCPUGenerator().get_state();
  }

  /** Continues where {@link #save} was called. */
  public static void restore(Tensor state) {
    torch.getDefaultCPUGenerator().set_state(state);
  }
}
