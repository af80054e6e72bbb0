package io.mvq.look;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.GroupNormImpl;
import org.bytedeco.pytorch.GroupNormOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A few convolutions, each halving the map and normalised in groups as the measuring classifier is:
 * what {@link SmallLook} is made of. The norm sets maps of sharp and blurred images further apart
 * (Fashion-MNIST, first map: 0.48, without it 0.34).
 */
final class SmallNetwork extends Module {
  private static final long SIZE = 3;

  private static final long GROUPS = 8;

  private final List<Conv2dImpl> convolutions = new ArrayList<>();
  private final List<GroupNormImpl> norms = new ArrayList<>();

  /** Fresh weights; seed LibTorch before. @param widths of the layers, multiples of 16 */
  SmallNetwork(long channels, List<Integer> widths) {
    super("SmallNetwork");
    long in = channels;
    for (int width : widths) {
      Conv2dOptions options = new Conv2dOptions(in, width, new LongPointer(SIZE, SIZE));
      options.stride().put(new LongPointer(2, 2));
      options.padding().put(new LongPointer(1, 1));
      Conv2dImpl convolution = new Conv2dImpl(options);
      try (NoGradGuard guard = new NoGradGuard()) {
        convolution.weight().normal_(0, Math.sqrt(2.0 / (SIZE * SIZE * in)), null);
        convolution.bias().zero_();
      }
      convolutions.add(register_module("convolution" + convolutions.size(), convolution));
      GroupNormImpl norm = new GroupNormImpl(new GroupNormOptions(GROUPS, width));
      norms.add(register_module("norm" + norms.size(), norm));
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
