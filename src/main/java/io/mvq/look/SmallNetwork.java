package io.mvq.look;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.GroupNormImpl;
import org.bytedeco.pytorch.GroupNormOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A few convolutions, each halving the map: what {@link SmallLook} is made of. */
final class SmallNetwork extends Module {
  private final List<Conv2dImpl> convolutions = new ArrayList<>();
  private final List<GroupNormImpl> norms = new ArrayList<>();

  /** Fresh weights; seed LibTorch before. @param widths channels of each layer, multiples of 8 */
  SmallNetwork(long channels, List<Integer> widths) {
    super("SmallNetwork");
    long in = channels;
    for (int width : widths) {
      Conv2dOptions options = new Conv2dOptions(in, width, new LongPointer(3, 3));
      options.stride().put(new LongPointer(2, 2));
      options.padding().put(new LongPointer(1, 1));
      int i = convolutions.size();
      convolutions.add(register_module("convolution" + i, new Conv2dImpl(options)));
      norms.add(register_module("norm" + i, new GroupNormImpl(new GroupNormOptions(8, width))));
      in = width;
    }
  }

  /** (n, channels, side, side) to each layer's map, (n, width, side / 2^i, side / 2^i). */
  List<Tensor> maps(Tensor images) {
    List<Tensor> maps = new ArrayList<>();
    Tensor x = images;
    for (int i = 0; i < convolutions.size(); i++) {
      x = torch.relu(norms.get(i).forward(convolutions.get(i).forward(x)));
      maps.add(x);
    }
    return maps;
  }
}
