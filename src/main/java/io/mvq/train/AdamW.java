package io.mvq.train;

import io.mvq.tensor.Devices;
import io.mvq.tensor.Foreach;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * AdamW (arXiv 1711.05101) by LibTorch's fused operator, all parameters at once. LibTorch's own
 * optimizer would not show its state, but as an archive that loading runs; here it is named
 * tensors. Parameters of fewer than two dimensions do not decay.
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
  private List<Group> groups = List.of();

  /** Parameters that decay or do not, of one count of steps, and what belongs to each. */
  private record Group(
      List<Integer> members,
      Foreach parameters,
      Foreach means,
      Foreach squares,
      Foreach counts,
      Tensor count,
      double decay) {}

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
      for (Group group : grouped(withGradient())) {
        long count = ++steps[group.members().get(0)];
        group.members().forEach(i -> steps[i] = count);
        group.count().fill_(new Scalar((double) count));
        Foreach gradients =
            Foreach.of(group.members().stream().map(i -> parameters.get(i).grad()).toList());
        group
            .parameters()
            .adamW(
                gradients,
                group.means(),
                group.squares(),
                group.counts(),
                rate,
                beta1,
                beta2,
                group.decay(),
                EPSILON);
      }
    }
  }

  private List<Integer> withGradient() {
    return IntStream.range(0, steps.length)
        .filter(i -> parameters.get(i).grad().defined())
        .boxed()
        .toList();
  }

  /** The groups of the last step as long as the same parameters have gradients. */
  private List<Group> grouped(List<Integer> active) {
    List<Integer> before = groups.stream().flatMap(group -> group.members().stream()).toList();
    if (before.size() != active.size() || !before.containsAll(active)) {
      Map<List<Object>, List<Integer>> alike = new LinkedHashMap<>();
      for (int i : active) {
        boolean decays = Shapes.of(parameters.get(i)).length >= 2;
        alike.computeIfAbsent(List.of(decays, steps[i]), key -> new ArrayList<>()).add(i);
      }
      groups = alike.values().stream().map(this::group).toList();
    }
    return groups;
  }

  private Group group(List<Integer> members) {
    Tensor first = parameters.get(members.get(0));
    Tensor count = Devices.like(torch.zeros(new long[0]), first).retainReference();
    return new Group(
        members,
        list(members, parameters::get),
        list(members, i -> moment(mean, i)),
        list(members, i -> moment(square, i)),
        list(members, i -> count),
        count,
        Shapes.of(first).length >= 2 ? decay : 0);
  }

  private static Foreach list(List<Integer> members, IntFunction<Tensor> of) {
    return Foreach.kept(members.stream().map(of::apply).toList());
  }

  private Tensor moment(Map<String, Tensor> moments, int i) {
    return moments.computeIfAbsent(
        names.get(i), name -> torch.zeros_like(parameters.get(i)).retainReference());
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
        moment(mean, i).copy_(state.get(MEAN + names.get(i)));
        moment(square, i).copy_(state.get(SQUARE + names.get(i)));
      }
      steps[i] = saved[i];
    }
    groups = List.of(); // their counts may differ now
  }

  private static void fits(Tensor saved, String name, Tensor parameter) {
    if (saved == null) {
      throw new IllegalArgumentException("the saved optimizer state lacks " + name);
    }
    Shapes.require(saved, "the saved optimizer state's " + name, Shapes.of(parameter));
  }
}
