package io.mvq.train;

import io.mvq.setting.Limits;
import io.mvq.tensor.Parameters;
import io.mvq.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * One of those whom a {@link Trainer} trains in turn: a module, how its weights are updated, and
 * its losses. Most runs have one; a discriminator is a second.
 */
public final class Player {
  private static final String OPTIMIZER = "optimizer/";
  private static final String STEP = "step/";
  private static final String WEIGHTS = "weights/";

  private final String name;
  private final Module module;
  private final WeightUpdate update;
  private final Step step;

  /**
   * A player.
   *
   * @param name in logs and checkpoints, e.g. {@code discriminator}
   * @param update of the module's parameters
   * @param step its losses must give gradients to this module's parameters alone
   */
  public Player(String name, Module module, WeightUpdate update, Step step) {
    Limits.present("name", name);
    this.name = name;
    this.module = module;
    this.update = update;
    this.step = step;
  }

  String name() {
    return name;
  }

  /** What is trained. */
  public Module module() {
    return module;
  }

  WeightUpdate update() {
    return update;
  }

  boolean trains(long number) {
    return step.trains(number);
  }

  void before(long number) {
    try (PointerScope scope = new PointerScope()) {
      step.before(number);
    }
    update.zeroGradients();
  }

  /** Adds a batch's gradients, each weighted by {@code share}; its losses must be finite. */
  Losses learn(long batch, double share) {
    Losses losses = step.losses(batch);
    if (Double.isFinite(Tensors.scalar(losses.total()))) {
      losses.total().mul(new Scalar(share)).backward();
    }
    return losses;
  }

  void after(long number) {
    try (PointerScope scope = new PointerScope()) {
      step.after(number);
    }
  }

  /** What resuming needs beside the module's own tensors. */
  Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    update.state().forEach((key, tensor) -> state.put(OPTIMIZER + key, tensor));
    step.state().forEach((key, tensor) -> state.put(STEP + key, tensor));
    return state;
  }

  /** What resuming needs, with the module's tensors, under this player's name. */
  Map<String, Tensor> whole() {
    Map<String, Tensor> whole = new LinkedHashMap<>();
    state().forEach((key, tensor) -> whole.put(name + "/" + key, tensor));
    Parameters.all(module).forEach((key, tensor) -> whole.put(name + "/" + WEIGHTS + key, tensor));
    return whole;
  }

  /** Continues from {@link #state}. */
  void restore(Map<String, Tensor> state) {
    update.restore(below(OPTIMIZER, state));
    step.restore(below(STEP, state));
  }

  /** Continues from {@link #whole}. */
  void restoreWhole(Map<String, Tensor> training) {
    Map<String, Tensor> own = below(name + "/", training);
    if (own.isEmpty()) {
      throw new IllegalArgumentException(
          "the checkpoint has no " + name + "; was it made by another recipe?");
    }
    Checkpoint.copy(below(WEIGHTS, own), Parameters.all(module), "the checkpoint's " + name);
    restore(own);
  }

  private static Map<String, Tensor> below(String prefix, Map<String, Tensor> tensors) {
    Map<String, Tensor> found = new LinkedHashMap<>();
    tensors.forEach(
        (key, tensor) -> {
          if (key.startsWith(prefix)) {
            found.put(key.substring(prefix.length()), tensor);
          }
        });
    return found;
  }
}
