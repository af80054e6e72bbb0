package io.mvq.tensor;

import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** LibTorch's CPU random generator: seeded, saved and restored. */
public final class RandomState {
  private RandomState() {}

  /** A seed for one of many independent streams; SplittableRandom's own seeds must not be close. */
  public static long mix(long seed, long counter) {
    return new SplittableRandom(new SplittableRandom(seed).nextLong() + counter).nextLong();
  }

  /** Restarts the generator. */
  public static void seed(long seed) {
    torch.manual_seed(seed);
  }

  /** Draws from a seed of its own until it is closed; then the generator is as it was. */
  public static final class Aside implements AutoCloseable {
    private final Tensor before = save();

    private Aside() {}

    @Override
    public void close() {
      restore(before);
      before.close();
    }
  }

  /** Restarts the generator until what is returned is closed. */
  public static Aside aside(long seed) {
    Aside aside = new Aside();
    seed(seed);
    return aside;
  }

  /** The whole state as a uint8 tensor, for a checkpoint: numbers of the Mersenne twister. */
  public static Tensor save() {
    return torch.getDefaultCPUGenerator().get_state();
  }

  /** Continues where {@link #save} was called; a state of another kind is refused. */
  public static void restore(Tensor state) {
    long bytes = save().numel();
    if (state.scalar_type().intern() != ScalarType.Byte || state.numel() != bytes) {
      throw new IllegalArgumentException(
          "the random state must be "
              + bytes
              + " bytes, got "
              + state.numel()
              + " of "
              + state.scalar_type().intern());
    }
    torch.getDefaultCPUGenerator().set_state(state);
  }
}
