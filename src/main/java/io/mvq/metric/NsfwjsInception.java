package io.mvq.metric;

import io.mvq.metric.ConvolutionUnit.Shape;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Shapes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Inception-V3 to its sixth mixed block, with the weights that ship in npm's {@code nsfwjs} 4.4.0
 * (MIT; a Keras Inception-V3 fine-tuned to sort pictures, its layers up to here as trained on
 * ImageNet): 768 averaged features. Distances on them are no FID. Images of fewer than 64 pixels a
 * side are enlarged to 64, bilinearly between pixel centres; grey ones are repeated to three
 * channels.
 */
public final class NsfwjsInception implements FeatureNetwork {
  /** The npm package, its version and its checksum. */
  public static final String PACKAGE = "nsfwjs";

  /** The version that was checked. */
  public static final String VERSION = "4.4.0";

  /** SHA-256 of the package as npm serves it. */
  public static final String SHA256 =
      "585cd178f3b994337c4d10a87b080d342fc52f8b9bf0085c4d1f345a3a1c5382";

  /** Its folder in the package. */
  static final String MODEL = "package/dist/models/inception_v3";

  /** As {@link TfjsWeights#read} checks it. */
  static final String WEIGHTS = "6d9c45c1e9eefa05a7a4c090b96f7caacb90533ac02c0338cf4f7ef98571a85b";

  private static final double EPSILON = 1e-3;
  private static final long SIDE = 64;

  private final Inception trunk;
  private final Device device;
  private final ScalarType type;

  /** Reads the network, to measure with it: in float32. */
  public NsfwjsInception(Path unpacked, Device device) throws IOException {
    this(unpacked, device, ScalarType.Float);
  }

  /**
   * Reads the network.
   *
   * @param unpacked the folder that holds {@code package/}
   * @param device where it runs, wherever images are; features come back on the CPU
   * @param type of its weights: float32, or bfloat16 to train against it
   */
  public NsfwjsInception(Path unpacked, Device device, ScalarType type) throws IOException {
    this.device = device.retainReference();
    this.type = type;
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Map<String, Tensor> weights = TfjsWeights.read(unpacked.resolve(MODEL), WEIGHTS);
      trunk = Inception.toMixed5(new KerasOrder(weights, device, type));
    }
  }

  /** Keras numbers its layers as they are made. */
  static final class KerasOrder implements Inception.Weights {
    private final Map<String, Tensor> all;
    private final Device device;
    private final ScalarType type;
    private int made;

    KerasOrder(Map<String, Tensor> all, Device device) {
      this(all, device, ScalarType.Float);
    }

    KerasOrder(Map<String, Tensor> all, Device device, ScalarType type) {
      this.all = all;
      this.device = device;
      this.type = type;
    }

    @Override
    public ConvolutionUnit unit(String name, Shape shape) {
      made++;
      String norm = "batch_normalization_" + made + "/";
      ConvolutionUnit exact =
          ConvolutionUnit.folded(
              find("conv2d_" + made + "/kernel").permute(3, 2, 0, 1),
              find(norm + "beta"),
              find(norm + "moving_mean"),
              find(norm + "moving_variance"),
              EPSILON,
              shape);
      Shapes.require(exact.weight(), name, shape.weight());
      ConvolutionUnit unit =
          new ConvolutionUnit(exact.weight().to(type), exact.bias().to(type), shape);
      unit.weight().retainReference();
      unit.bias().retainReference();
      return unit;
    }

    private Tensor find(String name) {
      Tensor weight = all.get(name);
      if (weight == null) {
        throw new IllegalArgumentException("the model has no weight " + name);
      }
      return Devices.to(weight, device);
    }
  }

  @Override
  public String name() {
    return "Inception-V3 (nsfwjs) mixed5";
  }

  @Override
  public int width() {
    return 768;
  }

  @Override
  public Tensor features(Tensor images) {
    try (NoGradGuard guard = new NoGradGuard()) {
      return trunk.forward(input(Devices.to(images, device))).mean(2, 3).cpu().to(ScalarType.Float);
    }
  }

  /** Float32 maps for a perceptual distance, from fine to coarse, with a graph to the images. */
  public List<Tensor> maps(Tensor images) {
    List<Tensor> all = trunk.maps(input(Devices.to(images, device)), 5);
    return Stream.of(0, 1, 4).map(i -> all.get(i).to(ScalarType.Float)).toList();
  }

  /** Images in [-1, 1] as the network wants them: three channels in [0, 1], 64 pixels or more. */
  private Tensor input(Tensor images) {
    Shapes.require(images, "images", Shapes.ANY, Shapes.ANY, Shapes.ANY, Shapes.ANY);
    if (images.size(1) != 1 && images.size(1) != 3) {
      throw new IllegalArgumentException("images must have 1 or 3 channels, got " + images.size(1));
    }
    Tensor colours = images.size(1) == 3 ? images : images.expand(-1, 3, -1, -1);
    Tensor large =
        Math.min(images.size(2), images.size(3)) >= SIDE
            ? colours
            : torch.upsample_bilinear2d(colours, new long[] {SIDE, SIDE}, false);
    return large.add(new Scalar(1)).mul(new Scalar(0.5)).to(type);
  }
}
