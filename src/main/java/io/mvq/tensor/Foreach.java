package io.mvq.tensor;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;

/**
 * Operators over many tensors at once: a few calls, and on a GPU a few launches, where one tensor
 * after the other takes some two thousand a training step. The preset does not show them, so they
 * are called by name through LibTorch's dispatcher. In place, without a graph: hold a NoGradGuard.
 */
public final class Foreach {
  private static final OperatorHandle NORM = find("aten::_foreach_norm", "Scalar");
  private static final OperatorHandle MULTIPLY = find("aten::_foreach_mul_", "Scalar");
  private static final OperatorHandle LERP = find("aten::_foreach_lerp_", "Scalar");
  private static final OperatorHandle ADAM_W = find("aten::_fused_adamw_", "");

  private final IValue list;

  private Foreach(IValue list) {
    this.list = list;
  }

  /** Refers to the tensors, of one device, as long as the PointerScope that it is made in. */
  public static Foreach of(List<Tensor> tensors) {
    GenericList elements = new GenericList(new Type.TypePtr(TensorType.get()));
    for (Tensor tensor : tensors) {
      elements.push_back(new IValue(tensor));
    }
    return new Foreach(new IValue(elements));
  }

  /** Refers to them as long as it is reachable. */
  public static Foreach kept(List<Tensor> tensors) {
    try (PointerScope scope = new PointerScope()) {
      return new Foreach(of(tensors).list.retainReference());
    }
  }

  /** The root of the sum of all squares; NaN or infinite if any element is. */
  public double norm() {
    try (PointerScope scope = new PointerScope()) {
      IValueVector stack = call(NORM, list, new IValue(2.0), new IValue());
      return torch.stack(stack.get(0).toTensorVector(), 0).norm().item_double();
    }
  }

  /** Multiplies every element. */
  public void multiply(double by) {
    try (PointerScope scope = new PointerScope()) {
      call(MULTIPLY, list, new IValue(by));
    }
  }

  /** Moves each by a share of the way towards the other of the same place. */
  public void lerp(Foreach towards, double share) {
    try (PointerScope scope = new PointerScope()) {
      call(LERP, list, towards.list, new IValue(share));
    }
  }

  /**
   * One step of AdamW of these parameters.
   *
   * @param means moving averages of the gradients, changed in place as the parameters are
   * @param squares of their squares
   * @param steps of each parameter, a float32 scalar that already counts this one
   * @param rate the learning rate
   * @param decay of the weights, times the rate
   */
  public void adamW(
      Foreach gradients,
      Foreach means,
      Foreach squares,
      Foreach steps,
      double rate,
      double beta1,
      double beta2,
      double decay,
      double epsilon) {
    try (PointerScope scope = new PointerScope()) {
      call(
          ADAM_W,
          list,
          gradients.list,
          means.list,
          squares.list,
          of(List.of()).list, // the largest squares, of AMSGrad
          steps.list,
          new IValue(rate),
          new IValue(beta1),
          new IValue(beta2),
          new IValue(decay),
          new IValue(epsilon),
          new IValue(false), // AMSGrad
          new IValue(false), // ascent
          new IValue(), // of gradients that were scaled: by what
          new IValue()); // and whether any was infinite
    }
  }

  private static OperatorHandle find(String name, String overload) {
    return Dispatcher.singleton().findSchemaOrThrow(name, overload).retainReference();
  }

  private static IValueVector call(OperatorHandle operator, IValue... arguments) {
    IValueVector stack = new IValueVector(arguments);
    operator.callBoxed(stack);
    return stack;
  }
}
