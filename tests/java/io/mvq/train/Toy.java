package io.mvq.train;

import io.mvq.tensor.Parameters;
import io.mvq.tensor.RandomState;
import io.mvq.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A small regression with all that makes resuming hard: dropout, a buffer, state of its own. */
final class Toy extends Module implements Step {
  private final LinearImpl in = register_module("in", new LinearImpl(6, 16));
  private final LinearImpl out = register_module("out", new LinearImpl(16, 1));
  private final Tensor mean = torch.zeros(6);
  private Tensor last;
  private Tensor calls = Tensors.longZeros(1);
  boolean broken;

  Toy(long seed) {
    super("Toy");
    RandomState.seed(seed);
    try (NoGradGuard guard = new NoGradGuard()) {
      Parameters.trained(this).values().forEach(weights -> weights.normal_(0, 0.3, null));
    }
    register_buffer("mean", mean);
  }

  /** What a checkpoint keeps without understanding it. */
  static final String RECIPE = "{\"toy\": true}\n";

  static Training training(long steps) {
    return training(steps, 1, 1, 0.999);
  }

  static Training training(long steps, int accumulate, double clip, double averageDecay) {
    return new Training(
        steps,
        8,
        accumulate,
        1,
        0.01,
        3,
        0.1,
        1e-4,
        0.999,
        clip,
        averageDecay,
        1,
        Precision.FLOAT32);
  }

  @Override
  public Losses losses(long batch) {
    Tensor x = torch.randn(8, 6).add(new Scalar(batch % 3 * 0.1));
    try (NoGradGuard guard = new NoGradGuard()) {
      mean.lerp_(x.mean(0), new Scalar(0.1));
    }
    Tensor hidden = torch.dropout(in.forward(x.sub(mean)).relu(), 0.2, is_training());
    last = out.forward(hidden);
    Tensor error = last.sub(x.sum(1).unsqueeze(1)).pow(new Scalar(2)).mean();
    Tensor total = broken ? error.mul(new Scalar(Double.NaN)) : error;
    return Losses.of(total).with("error", error).with("size", hidden.abs().mean());
  }

  @Override
  public void after(long step) {
    calls.add_(new Scalar(1L));
  }

  @Override
  public Map<String, Tensor> state() {
    return Map.of("calls", calls);
  }

  @Override
  public void restore(Map<String, Tensor> state) {
    calls = state.get("calls");
  }

  /** What the last batch gave, in its scope only. */
  Tensor last() {
    return last;
  }

  long calls() {
    return calls.item_long();
  }

  /** Every number of the module, for comparing to the last bit. */
  Map<String, List<Float>> numbers() {
    return numbers(Parameters.all(this));
  }

  static Map<String, List<Float>> numbers(Map<String, Tensor> tensors) {
    Map<String, List<Float>> numbers = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          Float[] boxed = new Float[(int) tensor.numel()];
          float[] values = Tensors.floats(tensor);
          Arrays.setAll(boxed, i -> values[i]);
          numbers.put(name, List.of(boxed));
        });
    return numbers;
  }
}
