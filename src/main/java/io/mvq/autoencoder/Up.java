package io.mvq.autoencoder;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A map to a larger one: {@link Down} mirrored. */
final class Up extends Module {
  private final List<ResidualBlock> blocks = new ArrayList<>();
  private final List<Doubling> doublings = new ArrayList<>();
  private final Conv2dImpl last;

  /**
   * Doublings from one side to another, the other a power of two times the first, of a map of
   * {@link Down#channels}.
   *
   * @param out channels of the map that comes out, with no activation after the last layer
   */
  Up(int from, int to, int width, long out) {
    super("Up");
    for (int side = from; side < to; side *= 2) {
      long channels = Down.channels(side, width);
      long next = Down.channels(side * 2, width);
      blocks.add(side <= 16 ? register_module("block" + side, new ResidualBlock(channels)) : null);
      doublings.add(register_module("twice" + side, new Doubling(channels, next)));
    }
    last = register_module("last", Convolutions.same(Down.channels(to, width), out));
  }

  /** (n, channels, from, from) to (n, out, to, to), float32 whatever was calculated with. */
  Tensor forward(Tensor map) {
    Tensor x = map;
    for (int i = 0; i < doublings.size(); i++) {
      x = blocks.get(i) == null ? x : blocks.get(i).forward(x);
      x = doublings.get(i).forward(torch.silu(x));
    }
    return Convolutions.run(last, torch.silu(x)).to(ScalarType.Float);
  }

  /** The weight of the last layer. */
  Tensor lastLayer() {
    return last.weight();
  }
}
