package io.mvq.look;

import io.mvq.tensor.Autocast;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.GroupNormImpl;
import org.bytedeco.pytorch.GroupNormOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A few convolutions, each halving the map and normalised in groups as the measuring classifier is:
 * what {@link SmallLook} is made of. The norm sets maps of sharp and blurred images further apart
 * (Fashion-MNIST, first map: 0.48, without it 0.34).
 */
final class SmallNetwork extends Module {
  private static final long SIZE = 3;

  private static final long GROUPS = 8;
  private static final double NORM_EPS = 1e-5;
  private static final long[] STRIDE = {2, 2};
  private static final long[] PADDING = {1, 1};
  private static final long[] ONE = {1, 1};

  private final List<Conv2dImpl> convolutions = new ArrayList<>();
  private final List<GroupNormImpl> norms = new ArrayList<>();
  private boolean bfloat16;

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

  /** Whether convolutions run in bfloat16; at first they do not. */
  void bfloat16(boolean on) {
    bfloat16 = on;
  }

  /** (n, channels, side, side) to each layer's map, (n, width, side / 2^i, side / 2^i), float32. */
  List<Tensor> maps(Tensor images) {
    return maps(images, UnaryOperator.identity());
  }

  /** The same with weights that take no gradient, whether they learn otherwise or not. */
  List<Tensor> constantMaps(Tensor images) {
    return maps(images, Tensor::detach);
  }

  private List<Tensor> maps(Tensor images, UnaryOperator<Tensor> weight) {
    return Autocast.bfloat16(bfloat16, images.device(), () -> layers(images, weight));
  }

  private List<Tensor> layers(Tensor images, UnaryOperator<Tensor> weight) {
    List<Tensor> maps = new ArrayList<>();
    Tensor x = images;
    for (int i = 0; i < convolutions.size(); i++) {
      Conv2dImpl convolution = convolutions.get(i);
      GroupNormImpl norm = norms.get(i);
      Tensor y =
          torch.conv2d(
              x,
              weight.apply(convolution.weight()),
              new TensorOptional(weight.apply(convolution.bias())),
              STRIDE,
              PADDING,
              ONE,
              1);
      x =
          torch.relu(
              torch.group_norm(
                  y,
                  GROUPS,
                  new TensorOptional(weight.apply(norm.weight())),
                  new TensorOptional(weight.apply(norm.bias())),
                  NORM_EPS,
                  true));
      maps.add(x.to(ScalarType.Float));
    }
    return maps;
  }
}
