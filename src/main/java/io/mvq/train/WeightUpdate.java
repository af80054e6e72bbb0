package io.mvq.train;

import io.mvq.setting.Limits;
import io.mvq.tensor.Foreach;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * Gradients to new weights: clipping by the global norm, the learning rate's schedule, AdamW.
 * Weight decay spares biases, norms' scales and everything else of fewer than two dimensions.
 */
public final class WeightUpdate {
  private final TensorVector parameters = new TensorVector();
  private final AdamW optimizer;
  private final Schedule schedule;
  private final double clip;

  /** For these parameters, as the recipe says, with AdamW's usual first decay of 0.9. */
  public WeightUpdate(Map<String, Tensor> trained, Training training) {
    this(trained, training, 0.9);
  }

  /** The same with another first decay: games are steadier with less momentum. */
  public WeightUpdate(Map<String, Tensor> trained, Training training, double beta1) {
    Limits.belowOne("beta1", beta1);
    if (trained.isEmpty()) {
      throw new IllegalArgumentException("there are no parameters to train");
    }
    trained.values().forEach(parameters::push_back);
    optimizer =
        new AdamW(
            new ArrayList<>(trained.keySet()),
            parameters,
            beta1,
            training.beta2(),
            training.weightDecay());
    schedule = Schedule.of(training);
    clip = training.clip() > 0 ? training.clip() : Double.POSITIVE_INFINITY;
  }

  /** What is updated. */
  TensorVector parameters() {
    return parameters;
  }

  /** The learning rate of a step, counted from 0. */
  public double learningRate(long step) {
    return schedule.at(step);
  }

  /** Clips the gradients in place and returns their norm before: NaN or infinite if any is. */
  public double clip() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      List<Tensor> gradients = new ArrayList<>();
      for (long i = 0; i < parameters.size(); i++) {
        Tensor gradient = parameters.get(i).grad();
        if (gradient.defined()) {
          gradients.add(gradient);
        }
      }
      if (gradients.isEmpty()) {
        return 0;
      }
      Foreach all = Foreach.of(gradients);
      double norm = all.norm();
      if (norm > clip && norm < Double.POSITIVE_INFINITY) {
        all.multiply(clip / norm);
      }
      return norm;
    }
  }

  /** One AdamW step with the gradients there are; then forgets them. */
  public void apply(long step) {
    optimizer.step(schedule.at(step));
    zeroGradients();
  }

  /** Forgets the gradients. */
  public void zeroGradients() {
    optimizer.zeroGradients();
  }

  /** AdamW's moments and step counts by name, referring to the live tensors. */
  public Map<String, Tensor> state() {
    return optimizer.state();
  }

  /** Continues from {@link #state}; the parameters must be the same in name and shape. */
  public void restore(Map<String, Tensor> state) {
    optimizer.restore(state);
  }
}
