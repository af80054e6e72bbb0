package io.mvq.autoencoder;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A map to a smaller one: halvings, a residual block at each size of 16x16 or less. Widths go from
 * w / 2 over w to 2w.
 */
final class Down extends Module {
  private final List<Conv2dImpl> halvings = new ArrayList<>();
  private final List<ResidualBlock> blocks = new ArrayList<>();

  /**
   * Halvings from one side to another, the first a power of two times the other.
   *
   * @param in channels of the map that comes in; {@link #channels} of {@code to} come out
   */
  Down(long in, int from, int to, int width) {
    super("Down");
    long previous = in;
    for (int side = from / 2; side >= to; side /= 2) {
      long channels = channels(side, width);
      halvings.add(register_module("halve" + side, Convolutions.halve(previous, channels)));
      blocks.add(side <= 16 ? register_module("block" + side, new ResidualBlock(channels)) : null);
      previous = channels;
    }
  }

  /** Channels at a size: {@link Up} mirrors them. */
  static long channels(int side, int width) {
    return side > 16 ? width / 2 : side > 8 ? width : 2L * width;
  }

  /** (n, in, from, from) to (n, channels, to, to). */
  Tensor forward(Tensor map) {
    Tensor x = map;
    for (int i = 0; i < halvings.size(); i++) {
      x = halvings.get(i).forward(x);
      x = blocks.get(i) == null ? torch.silu(x) : blocks.get(i).forward(x);
    }
    return x;
  }
}
