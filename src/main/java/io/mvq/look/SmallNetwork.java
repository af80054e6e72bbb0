package io.mvq.look;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A few convolutions, each halving the map: what {@link SmallLook} is made of. No normalisation,
 * whose gradient is dear on a CPU; the weights' variance keeps maps of their size instead (arXiv
 * 1502.01852).
 */
final class SmallNetwork extends Module {
  private static final long SIZE = 3;

  private final List<Conv2dImpl> convolutions = new ArrayList<>();

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
      in = width;
    }
  }

  /** (n, channels, side, side) to each layer's map, (n, width, side / 2^i, side / 2^i). */
  List<Tensor> maps(Tensor images) {
    List<Tensor> maps = new ArrayList<>();
    Tensor x = images;
    for (Conv2dImpl convolution : convolutions) {
      x = torch.relu(convolution.forward(x));
      maps.add(x);
    }
    return maps;
  }
}
