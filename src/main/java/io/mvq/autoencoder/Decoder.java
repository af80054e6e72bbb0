package io.mvq.autoencoder;

import io.mvq.tensor.Shapes;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.ConvTranspose2dImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** One flat vector to an image: the {@link Encoder} mirrored. */
final class Decoder extends Module {
  private final long inputs;
  private final long deepest;
  private final LinearImpl in;
  private final List<ResidualBlock> blocks = new ArrayList<>();
  private final List<ConvTranspose2dImpl> doublings = new ArrayList<>();

  Decoder(ImageShape shape, int width, long inputs) {
    super("Decoder");
    this.inputs = inputs;
    deepest = Encoder.channels(Encoder.SMALLEST, width);
    long cells = (long) Encoder.SMALLEST * Encoder.SMALLEST;
    in = register_module("in", new LinearImpl(inputs, deepest * cells));
    for (int side = Encoder.SMALLEST; side < shape.side(); side *= 2) {
      long channels = Encoder.channels(side, width);
      long next = side * 2 == shape.side() ? shape.channels() : Encoder.channels(side * 2, width);
      blocks.add(side <= 16 ? register_module("block" + side, new ResidualBlock(channels)) : null);
      doublings.add(register_module("twice" + side, Convolutions.twice(channels, next)));
    }
  }

  /** (n, inputs) to (n, channels, side, side), about -1..1 and not clamped. */
  Tensor forward(Tensor vectors) {
    Shapes.require(vectors, "vectors", Shapes.ANY, inputs);
    Tensor x = in.forward(vectors).reshape(-1, deepest, Encoder.SMALLEST, Encoder.SMALLEST);
    for (int i = 0; i < doublings.size(); i++) {
      x = blocks.get(i) == null ? x : blocks.get(i).forward(x);
      x = doublings.get(i).forward(torch.silu(x));
    }
    return x;
  }

  /** The weight of the layer that makes the pixels. */
  Tensor lastLayer() {
    return doublings.get(doublings.size() - 1).weight();
  }
}
