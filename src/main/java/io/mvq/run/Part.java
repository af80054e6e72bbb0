package io.mvq.run;

import io.mvq.recipe.Recipe;
import io.mvq.tensor.Parameters;
import io.mvq.train.Checkpoint;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/**
 * A trained part of a model, as it is used: averaged weights where the run kept them.
 *
 * @param recipe it was trained by
 * @param step optimizer steps it was trained for
 * @param weights parameters and buffers by name; those for training alone may be left out
 * @param source where they were read, for errors
 */
public record Part(Recipe recipe, long step, Map<String, Tensor> weights, String source) {
  /** The last names of buffers that only learning reads. */
  private static final Set<String> TRAINING =
      Set.of("ema_counts", "ema_sums", "unused_steps", "rows_drawn");

  /** Whether a tensor of this name is of no use but to train on. */
  public static boolean isForTraining(String name) {
    return TRAINING.contains(name.substring(name.lastIndexOf('.') + 1));
  }

  /** Copies the weights into a module that has the same names and shapes, for use on a device. */
  void into(Module module, Device device) {
    Map<String, Tensor> own = Parameters.all(module);
    Map<String, Tensor> all = new TreeMap<>(weights);
    own.forEach(
        (name, tensor) -> {
          if (isForTraining(name)) {
            all.putIfAbsent(name, tensor);
          }
        });
    Checkpoint.copy(all, own, source);
    module.to(device, false);
    module.eval();
  }
}
