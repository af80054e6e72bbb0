package io.mvq.train;

import io.mvq.setting.Limits;
import io.mvq.tensor.Foreach;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * An exponential moving average of trained weights, which evaluates better than the last step's.
 * Young averages follow the weights faster: the decay is at most (1 + updates) / (10 + updates).
 */
public final class WeightAverage {
  private final Map<String, Tensor> parameters;
  private final Map<String, Tensor> average = new LinkedHashMap<>();
  private final double decay;
  private final Foreach averages;
  private final Foreach trained;

  /** Starts at the present weights; a decay of 0 keeps nothing and does nothing. */
  public WeightAverage(Map<String, Tensor> parameters, double decay) {
    Limits.belowOne("averageDecay", decay);
    this.parameters = parameters;
    this.decay = decay;
    if (decay > 0) {
      parameters.forEach((name, tensor) -> average.put(name, tensor.detach().clone()));
    }
    averages = Foreach.kept(List.copyOf(average.values()));
    trained = Foreach.kept(List.copyOf(parameters.values()));
  }

  /** Moves towards the present weights; {@code step} counts from 0. */
  public void update(long step) {
    double kept = Math.min(decay, (1.0 + step) / (10.0 + step));
    if (decay > 0) {
      try (NoGradGuard guard = new NoGradGuard()) {
        averages.lerp(trained, 1 - kept);
      }
    }
  }

  /** The averaged weights by name; empty if the decay is 0. */
  public Map<String, Tensor> tensors() {
    return average;
  }

  /** Takes over what a checkpoint saved. */
  public void restore(Map<String, Tensor> saved) {
    Checkpoint.copy(saved, average, "the saved weight average");
  }

  /** Puts the average into the module until closed, which puts the trained weights back. */
  public Swap swapIn() {
    exchange();
    return this::exchange;
  }

  private void exchange() {
    try (NoGradGuard guard = new NoGradGuard()) {
      average.forEach(
          (name, tensor) -> {
            try (Tensor trained = parameters.get(name).detach().clone()) {
              parameters.get(name).copy_(tensor);
              tensor.copy_(trained);
            }
          });
    }
  }

  /** Ends a {@link #swapIn}. */
  @FunctionalInterface
  public interface Swap extends AutoCloseable {
    @Override
    void close();
  }
}
