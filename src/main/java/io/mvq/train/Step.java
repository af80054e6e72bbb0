package io.mvq.train;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** What a {@link Trainer} trains: a function from a batch's number to its losses. */
@FunctionalInterface
public interface Step {
  /**
   * The losses of a batch, with a graph.
   *
   * @param batch counts from 0 over the whole run: {@code step * accumulate + part}. Choosing the
   *     images by it, not by an iterator, is what lets a resumed run see the same ones.
   */
  Losses losses(long batch);

  /**
   * Whether a {@link Player} takes part in a step, counted from 0: an opponent may join late. The
   * trainer's own module always does.
   */
  default boolean trains(long step) {
    return true;
  }

  /** Called before the gradients of a step are computed. */
  default void before(long step) {}

  /** Called after the weights of a step were updated, e.g. to restart dead codes. */
  default void after(long step) {}

  /** State beyond the module's that resuming needs. */
  default Map<String, Tensor> state() {
    return Map.of();
  }

  /** Takes over what {@link #state} gave. */
  default void restore(Map<String, Tensor> state) {}
}
