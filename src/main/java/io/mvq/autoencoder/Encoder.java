package io.mvq.autoencoder;

import io.mvq.tensor.Shapes;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.GroupNormImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Image to one flat vector: halvings down to 4x4, a residual block at each size from 16x16 on, one
 * dense layer. Widths go from w / 2 over w to 2w.
 */
final class Encoder extends Module {
  static final int SMALLEST = 4;

  private final ImageShape shape;
  private final List<Conv2dImpl> halvings = new ArrayList<>();
  private final List<ResidualBlock> blocks = new ArrayList<>();
  private final GroupNormImpl norm;
  private final LinearImpl out;

  Encoder(ImageShape shape, int width, long outputs) {
    super("Encoder");
    this.shape = shape;
    long in = shape.channels();
    for (int side = shape.side() / 2; side >= SMALLEST; side /= 2) {
      long channels = channels(side, width);
      halvings.add(register_module("halve" + side, Convolutions.halve(in, channels)));
      blocks.add(side <= 16 ? register_module("block" + side, new ResidualBlock(channels)) : null);
      in = channels;
    }
    norm = register_module("norm", Convolutions.norm(in));
    out = register_module("out", new LinearImpl(in * SMALLEST * SMALLEST, outputs));
  }

  /** Channels at a size: the decoder mirrors them. */
  static long channels(int side, int width) {
    return side > 16 ? width / 2 : side == 16 ? width : 2L * width;
  }

  /** (n, channels, side, side) in -1..1 to (n, outputs). */
  Tensor forward(Tensor images) {
    Shapes.require(images, "images", Shapes.ANY, shape.channels(), shape.side(), shape.side());
    Tensor x = images;
    for (int i = 0; i < halvings.size(); i++) {
      x = halvings.get(i).forward(x);
      x = blocks.get(i) == null ? torch.silu(x) : blocks.get(i).forward(x);
    }
    return out.forward(torch.silu(norm.forward(x)).flatten(1, -1));
  }
}
