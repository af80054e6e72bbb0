package io.mvq.prior;

import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * One layer of both stacks. Maps are (n, rows, columns, width). A convolution is a dense layer over
 * the neighbours that may be seen, joined: nothing is computed to be masked away, and a single
 * position can be computed alone.
 */
final class GatedLayer extends Module {
  private final long width;
  private final LinearImpl vertical; // 2 rows above * 3 columns -> tanh and sigmoid parts
  private final LinearImpl horizontal; // the position to the left, and this one
  private final LinearImpl link; // vertical to horizontal
  private final LinearImpl out;
  private final Tensor classBias; // (classes + 1, 2 stacks * 2 parts * width)

  GatedLayer(long width, int classes) {
    super("GatedLayer");
    this.width = width;
    vertical = register_module("vertical", new LinearImpl(6 * width, 2 * width));
    horizontal = register_module("horizontal", new LinearImpl(2 * width, 2 * width));
    link = register_module("link", new LinearImpl(2 * width, 2 * width));
    out = register_module("out", new LinearImpl(width, width));
    classBias = torch.randn(classes + 1L, 4 * width).mul_(new Scalar(0.02));
    register_parameter("classBias", classBias, true);
  }

  /** The classes' biases for both stacks, (n, 1, 1, 4 * width). */
  Tensor bias(Tensor classRows) {
    return classBias.index_select(0, classRows).view(-1, 1, 1, 4 * width);
  }

  /**
   * The vertical stack before its gate, (n, rows, columns, 2 * width).
   *
   * @param padded (n, rows + 1, columns + 2, width): a row more above, a column more on both sides
   */
  Tensor down(Tensor padded, Tensor bias) {
    long rows = padded.size(1) - 1;
    long columns = padded.size(2) - 2;
    TensorVector neighbours = new TensorVector();
    for (int row = 0; row < 2; row++) {
      for (int column = 0; column < 3; column++) {
        neighbours.push_back(padded.narrow(1, row, rows).narrow(2, column, columns));
      }
    }
    return vertical.forward(torch.cat(neighbours, -1)).add(bias.narrow(3, 0, 2 * width));
  }

  /** What the vertical stack tells the horizontal one, class included. */
  Tensor link(Tensor down, Tensor bias) {
    return link.forward(down).add(bias.narrow(3, 2 * width, 2 * width));
  }

  /**
   * What this layer adds to the horizontal stack, (n, rows, columns, width).
   *
   * @param padded (n, rows, columns + 1, width): a column more on the left
   * @param linked (n, rows, columns, 2 * width)
   */
  Tensor across(Tensor padded, Tensor linked) {
    long columns = padded.size(2) - 1;
    Tensor joined =
        torch.cat(new TensorVector(padded.narrow(2, 0, columns), padded.narrow(2, 1, columns)), -1);
    return out.forward(gate(horizontal.forward(joined).add(linked)));
  }

  /** The gated activation, tanh of the first half times sigmoid of the second. */
  Tensor gate(Tensor both) {
    return torch.tanh(both.narrow(3, 0, width)).mul(both.narrow(3, width, width).sigmoid());
  }
}
