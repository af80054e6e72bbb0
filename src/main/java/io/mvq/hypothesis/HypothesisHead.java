package io.mvq.hypothesis;

import io.mvq.kernel.Head;
import io.mvq.tensor.Tensors;
import io.mvq.tensor.Views;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The hypothesis head g: a small dense network from a masked latent to a residual. It has no
 * normalisation, so that one hypothesis does not depend on the others and the kernel's search
 * agrees with the winner's re-run.
 */
public final class HypothesisHead extends Module {
  private final List<LinearImpl> layers = new ArrayList<>();

  /**
   * Dense layers of these widths, from T2 * C inputs to T1 * D outputs in MH-Dropout, with ReLU
   * between them; 1 to 4 layers.
   */
  public HypothesisHead(long... widths) {
    super("HypothesisHead");
    if (widths.length < 2 || widths.length > 5) {
      throw new IllegalArgumentException(
          "a head must have 1..4 layers, got " + (widths.length - 1));
    }
    for (int l = 0; l + 1 < widths.length; l++) {
      layers.add(register_module("layer" + l, new LinearImpl(widths[l], widths[l + 1])));
    }
  }

  /** The residual of a masked latent. @param masked (n, inputs). @return (n, outputs) */
  public Tensor forward(Tensor masked) {
    Tensor hidden = masked;
    for (int l = 0; l < layers.size(); l++) {
      hidden = layers.get(l).forward(l == 0 ? hidden : torch.relu(hidden));
    }
    return hidden;
  }

  /**
   * The head's weights as the kernel reads them, in place: it follows training, and lives as long
   * as this module.
   */
  public Head kernelHead() {
    List<Head.Layer> views = new ArrayList<>();
    for (LinearImpl layer : layers) {
      views.add(new Head.Layer(Views.matrix(layer.weight(), "weight"), Tensors.data(layer.bias())));
    }
    return new Head(views, Head.Activation.RELU, 0);
  }
}
