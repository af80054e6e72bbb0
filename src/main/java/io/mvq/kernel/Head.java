package io.mvq.kernel;

import io.mvq.kernel.binding.MvqNative;
import io.mvq.kernel.binding.mvq_head;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;

/**
 * A hypothesis head: 1 to 4 dense layers, {@code y = W x + b}, with an activation between layers
 * and none after the last.
 *
 * @param slope LeakyReLU's negative slope; unused by the others
 */
public record Head(List<Layer> layers, Activation activation, float slope) {
  /** What stands between two layers. GELU is the exact form, {@code x * Phi(x)}. */
  public enum Activation {
    RELU(MvqNative.MVQ_RELU),
    LEAKY_RELU(MvqNative.MVQ_LEAKY_RELU),
    GELU(MvqNative.MVQ_GELU);

    private final int code;

    Activation(int code) {
      this.code = code;
    }
  }

  /**
   * One dense layer.
   *
   * @param weight (outputs, inputs), dense, as LibTorch's Linear
   * @param bias (outputs), or null for none
   */
  public record Layer(FloatMatrix weight, FloatPointer bias) {
    public Layer {
      if (Checks.given(weight, "weight").stride() != weight.width()) {
        throw new IllegalArgumentException(
            "weight must be dense (stride " + weight.width() + "), got stride " + weight.stride());
      }
      if (bias != null) {
        Checks.capacity(bias, weight.rows(), "bias");
        Operands.own(bias);
      }
    }
  }

  public Head {
    layers = List.copyOf(Checks.allGiven(layers, "layers"));
    Checks.given(activation, "activation");
    if (layers.isEmpty() || layers.size() > MvqNative.MVQ_MAX_LAYERS) {
      throw new IllegalArgumentException(
          "a head must have 1.." + MvqNative.MVQ_MAX_LAYERS + " layers, got " + layers.size());
    }
    for (int l = 1; l < layers.size(); l++) {
      long outputs = layers.get(l - 1).weight().rows();
      long inputs = layers.get(l).weight().width();
      if (inputs != outputs) {
        throw new IllegalArgumentException(
            "layer "
                + l
                + " must have as many inputs as layer "
                + (l - 1)
                + " has outputs ("
                + outputs
                + "), got "
                + inputs);
      }
    }
  }

  /** Inputs a position. */
  public long inputs() {
    return layers.get(0).weight().width();
  }

  /** Outputs a position. */
  public long outputs() {
    return layers.get(layers.size() - 1).weight().rows();
  }

  void fill(mvq_head struct, Operands operands) {
    struct.layers(layers.size()).activation(activation.code).slope(slope);
    struct.width(0, inputs());
    for (int l = 0; l < layers.size(); l++) {
      struct.width(l + 1, layers.get(l).weight().rows());
      Layer layer = layers.get(l);
      struct.weight(l, operands.of(layer.weight(), "weight of a layer"));
      struct.bias(l, operands.ownedOrNull(layer.bias(), layer.weight().rows(), "bias of a layer"));
    }
  }
}
