package io.mvq.metric;

import io.mvq.tensor.Devices;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.util.Locale;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Features as rows, (n, d): what every measure asks of them, and random subsets. */
final class FeatureRows {
  private FeatureRows() {}

  /** Throws unless there are enough finite rows. @param purpose what they are needed for */
  static void check(Tensor rows, String name, long least, String purpose) {
    Shapes.require(rows, name, Shapes.ANY, Shapes.ANY);
    if (rows.size(0) < least) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s must hold at least %d images for %s, got %d",
              name,
              least,
              purpose,
              rows.size(0)));
    }
    requireFinite(rows, name);
  }

  /** Throws on a NaN or an infinity. */
  static void requireFinite(Tensor rows, String name) {
    try (PointerScope scope = new PointerScope()) {
      if (!torch.isfinite(rows).all().item_bool()) {
        throw new IllegalArgumentException(
            name + " must be finite, got NaN or infinity; has the model diverged?");
      }
    }
  }

  /** A random subset without repetition, (size, d); the generator of LibTorch is left alone. */
  static Tensor drawn(Tensor rows, int size, SplittableRandom random) {
    long[] order = new long[Math.toIntExact(rows.size(0))];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    long[] chosen = new long[size];
    for (int i = 0; i < size; i++) {
      int from = random.nextInt(i, order.length);
      chosen[i] = order[from];
      order[from] = order[i];
    }
    return rows.index_select(0, Devices.like(Tensors.of(chosen, size), rows));
  }
}
