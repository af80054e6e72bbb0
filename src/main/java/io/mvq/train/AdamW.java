package io.mvq.train;

import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * AdamW (arXiv 1711.05101) operation by operation as LibTorch's own, and to its bits. Its own would
 * not show its state, but as an archive that loading runs; here it is named tensors. Parameters of
 * fewer than two dimensions do not decay.
 */
final class AdamW {
  private static final String MEAN = "mean/";
  private static final String SQUARE = "square/";
  private static final String STEPS = "steps";
  private static final double EPSILON = 1e-8;

  private final List<String> names;
  private final TensorVector parameters;
  private final Map<String, Tensor> mean = new LinkedHashMap<>();
  private final Map<String, Tensor> square = new LinkedHashMap<>();
  private final long[] steps;
  private final double beta1;
  private final double beta2;
  private final double decay;

  /** For {@code parameters} of these names. */
  AdamW(List<String> names, TensorVector parameters, double beta1, double beta2, double decay) {
    this.names = List.copyOf(names);
    this.parameters = parameters;
    this.steps = new long[names.size()];
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.decay = decay;
  }

  /** One step of every parameter that has a gradient. */
  void step(double rate) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      for (int i = 0; i < steps.length; i++) {
        Tensor parameter = parameters.get(i);
        Tensor gradient = parameter.grad();
        if (gradient.defined()) {
          update(i, parameter, gradient, rate);
        }
      }
    }
  }

  private void update(int i, Tensor parameter, Tensor gradient, double rate) {
    if (decay != 0 && Shapes.of(parameter).length >= 2) {
      parameter.mul_(new Scalar(1 - rate * decay));
    }
    Tensor first = moment(mean, i, parameter);
    Tensor second = moment(square, i, parameter);
    steps[i]++;
    first.mul_(new Scalar(beta1)).add_(gradient, new Scalar(1 - beta1));
    second.mul_(new Scalar(beta2)).addcmul_(gradient, gradient, new Scalar(1 - beta2));
    double unbiased = Math.sqrt(1 - power(beta2, steps[i]));
    Tensor divisor = second.sqrt().div(new Scalar(unbiased)).add_(new Scalar(EPSILON));
    double size = rate / (1 - power(beta1, steps[i]));
    parameter.addcdiv_(first, divisor, new Scalar(-size));
  }

  /** C's pow, as LibTorch's optimizer calls it: Java's may differ in the last bit. */
  private static double power(double base, long exponent) {
    Tensor from = torch.full(new long[0], new Scalar(base), Tensors.options(ScalarType.Double));
    Tensor to =
        torch.full(new long[0], new Scalar((double) exponent), Tensors.options(ScalarType.Double));
    return torch.pow(from, to).item_double();
  }

  private Tensor moment(Map<String, Tensor> moments, int i, Tensor parameter) {
    return moments.computeIfAbsent(
        names.get(i), name -> torch.zeros_like(parameter).retainReference());
  }

  /** Forgets the gradients. */
  void zeroGradients() {
    try (PointerScope scope = new PointerScope()) {
      for (int i = 0; i < steps.length; i++) {
        parameters.get(i).mutable_grad().reset();
      }
    }
  }

  /** The moments of every parameter that has had a step, and all step counts. */
  Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    mean.forEach((name, tensor) -> state.put(MEAN + name, tensor));
    square.forEach((name, tensor) -> state.put(SQUARE + name, tensor));
    state.put(STEPS, Tensors.of(steps, steps.length));
    return state;
  }

  /** Continues from {@link #state}, or leaves everything as it is and says what does not fit. */
  void restore(Map<String, Tensor> state) {
    Tensor counts = state.get(STEPS);
    if (counts == null
        || counts.scalar_type().intern() != ScalarType.Long
        || counts.numel() != steps.length) {
      throw new IllegalArgumentException(
          "the saved optimizer state has no step count for each of the "
              + steps.length
              + " parameters");
    }
    long[] saved = Tensors.longs(counts);
    List<String> expected = new ArrayList<>(List.of(STEPS));
    for (int i = 0; i < saved.length; i++) {
      if (saved[i] > 0) {
        for (String kind : new String[] {MEAN, SQUARE}) {
          expected.add(kind + names.get(i));
          fits(state.get(kind + names.get(i)), kind + names.get(i), parameters.get(i));
        }
      }
    }
    for (String name : state.keySet()) {
      if (!expected.contains(name)) {
        throw new IllegalArgumentException(
            "the saved optimizer state has " + name + ", which belongs to no parameter here");
      }
    }
    for (int i = 0; i < saved.length; i++) {
      if (saved[i] > 0) {
        moment(mean, i, parameters.get(i)).copy_(state.get(MEAN + names.get(i)));
        moment(square, i, parameters.get(i)).copy_(state.get(SQUARE + names.get(i)));
      }
      steps[i] = saved[i];
    }
  }

  private static void fits(Tensor saved, String name, Tensor parameter) {
    if (saved == null) {
      throw new IllegalArgumentException("the saved optimizer state lacks " + name);
    }
    Shapes.require(saved, "the saved optimizer state's " + name, Shapes.of(parameter));
  }
}
