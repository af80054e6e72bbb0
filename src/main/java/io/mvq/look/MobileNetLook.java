package io.mvq.look;

import io.mvq.metric.TfjsWeights;
import io.mvq.tensor.Devices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * MobileNetV2 (arXiv 1801.04381) with the weights that ship in npm's {@code nsfwjs} 4.4.0 (MIT; a
 * Keras MobileNetV2 of width 1 fine-tuned to sort pictures), to its twelfth block. Maps are the
 * first convolution's and the last of each size, of 32, 24, 32 and 96 channels at 1/2 to 1/16.
 */
public final class MobileNetLook implements Look {
  /** {@link #name}, without reading it. */
  public static final String NAME = "MobileNetV2 (nsfwjs) to block 12";

  private static final String MODEL = "package/dist/models/mobilenet_v2";
  private static final String WEIGHTS =
      "23246fa1f73cf96608799894e807a8d4bbaca99dffe2f3c9a22e6226c31c4c7a";
  private static final long[] OUT = {24, 24, 32, 32, 32, 64, 64, 64, 64, 96, 96, 96};
  private static final List<Integer> HALVING = List.of(1, 3, 6);
  private static final List<Integer> SEEN = List.of(2, 5, 12);
  private static final int WIDER = 6; // channels of a block's inside to those it is given

  private final Device device;
  private final ScalarType type;
  private final Unit first;
  private final Unit firstDepthwise;
  private final Unit firstProject;
  private final List<Block> blocks = new ArrayList<>();

  /** An inverted residual. */
  private record Block(Unit expand, Unit depthwise, Unit project, boolean residual) {
    Tensor forward(Tensor x) {
      Tensor y = project.forward(depthwise.clamped(expand.clamped(x)));
      return residual ? x.add(y) : y;
    }
  }

  /**
   * Reads the network.
   *
   * @param unpacked the folder that holds nsfwjs's {@code package/}
   * @param device where images and maps are
   * @param type of its weights: float32 or bfloat16; maps are float32
   */
  public MobileNetLook(Path unpacked, Device device, ScalarType type) throws IOException {
    this.device = device.retainReference();
    this.type = type;
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Unit.Source from =
          new Unit.Source(TfjsWeights.read(unpacked.resolve(MODEL), WEIGHTS), this.device, type);
      first = from.unit("Conv1/kernel", "bn_Conv1", 3, 32, 3, 2);
      String start = "expanded_conv_";
      firstDepthwise = depthwise(from, start, 32, 1);
      firstProject = from.unit(start + "project/kernel", start + "project_BN", 32, 16, 1, 1);
      long in = 16;
      for (int i = 1; i <= OUT.length; i++) {
        String name = "block_" + i + "_";
        long stride = HALVING.contains(i) ? 2 : 1;
        long inside = WIDER * in;
        blocks.add(
            new Block(
                from.unit(name + "expand/kernel", name + "expand_BN", in, inside, 1, 1),
                depthwise(from, name, inside, stride),
                from.unit(name + "project/kernel", name + "project_BN", inside, OUT[i - 1], 1, 1),
                stride == 1 && in == OUT[i - 1]));
        in = OUT[i - 1];
      }
    }
  }

  private static Unit depthwise(Unit.Source from, String name, long channels, long stride) {
    String kernel = name + "depthwise/depthwise_kernel";
    return from.unit(kernel, name + "depthwise_BN", channels, channels, 3, stride);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void check(long channels, long side) {
    FetchedImages.check(name(), channels);
  }

  @Override
  public List<Tensor> maps(Tensor images) {
    Tensor x = FetchedImages.of(name(), Devices.to(images, device)).to(type);
    List<Tensor> maps = new ArrayList<>();
    x = first.clamped(x);
    maps.add(x.to(ScalarType.Float));
    x = firstProject.forward(firstDepthwise.clamped(x));
    for (int i = 1; i <= blocks.size(); i++) {
      x = blocks.get(i - 1).forward(x);
      if (SEEN.contains(i)) {
        maps.add(x.to(ScalarType.Float));
      }
    }
    return maps;
  }
}
