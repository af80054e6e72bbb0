package io.mvq.metric;

import io.mvq.metric.ConvolutionUnit.Shape;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Shapes;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The network that FID (Heusel et al., arXiv 1706.08500) is defined with: TensorFlow's Inception of
 * 2015-12-05, its 2048 averaged features and its 1008 classes. Its weights are the caller's, named
 * as pytorch-fid's file names them. Each image is taken as the 8-bit picture it would be saved as,
 * and resized to 299 x 299; grey ones are repeated to three channels.
 */
public final class FidInception implements FeatureNetwork {
  /** Classes, most of them of ImageNet. */
  public static final int CLASSES = 1008;

  private static final int WIDTH = 2048;
  private static final int SIDE = 299;
  private static final double EPSILON = 1e-3;

  /** Images at once: the maps of one take about 60 MB. */
  private static final long BLOCK = 8;

  private final Resize resize;
  private final Inception trunk;
  private final Tensor classes;

  /**
   * Copies the weights, on their device; the network runs there.
   *
   * @param weights by name, e.g. {@code Mixed_5b.branch1x1.bn.running_mean}; others are ignored
   */
  public FidInception(Map<String, Tensor> weights, Resize resize) {
    this.resize = resize;
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      trunk = Inception.whole((name, shape) -> unit(weights, name, shape));
      find(weights, "fc.bias", CLASSES);
      classes = find(weights, "fc.weight", CLASSES, WIDTH).t().clone();
      classes.retainReference();
    }
  }

  private static ConvolutionUnit unit(Map<String, Tensor> weights, String name, Shape shape) {
    ConvolutionUnit unit =
        ConvolutionUnit.folded(
            find(weights, name + ".conv.weight", shape.weight()),
            find(weights, name + ".bn.weight", shape.out()),
            find(weights, name + ".bn.bias", shape.out()),
            find(weights, name + ".bn.running_mean", shape.out()),
            find(weights, name + ".bn.running_var", shape.out()),
            EPSILON,
            shape);
    unit.weight().retainReference();
    unit.bias().retainReference();
    return unit;
  }

  private static Tensor find(Map<String, Tensor> weights, String name, long... shape) {
    Tensor weight = weights.get(name);
    if (weight == null || !Arrays.equals(Shapes.of(weight, name), shape)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "weight %s must have shape %s, got %s; is it the FID Inception (2015-12-05)?",
              name,
              Shapes.text(shape),
              weight == null ? "none" : Shapes.text(Shapes.of(weight))));
    }
    return weight.detach().to(ScalarType.Float);
  }

  @Override
  public String name() {
    return "FID Inception (2015-12-05), " + resize.title() + " resize";
  }

  @Override
  public int width() {
    return WIDTH;
  }

  /** On the CPU, wherever the images and the network are. */
  @Override
  public Tensor features(Tensor images) {
    Shapes.require(images, "images", Shapes.ANY, Shapes.ANY, Shapes.ANY, Shapes.ANY);
    if (images.size(1) != 1 && images.size(1) != 3) {
      throw new IllegalArgumentException("images must have 1 or 3 channels, got " + images.size(1));
    }
    long n = images.size(0);
    Tensor features = torch.empty(n, WIDTH);
    for (long from = 0; from < n; from += BLOCK) {
      try (PointerScope scope = new PointerScope();
          NoGradGuard guard = new NoGradGuard()) {
        long size = Math.min(BLOCK, n - from);
        Tensor maps = trunk.forward(input(images.narrow(0, from, size)));
        features.narrow(0, from, size).copy_(maps.mean(2, 3));
      }
    }
    return features;
  }

  /**
   * Class probabilities for {@link InceptionScore}, (n, 1008), from features. Without the classes'
   * bias, as the score was first published and is computed since.
   *
   * @param features (n, 2048) as {@link #features} gives them
   */
  public Tensor probabilities(Tensor features) {
    Shapes.require(features, "features", Shapes.ANY, WIDTH);
    try (NoGradGuard guard = new NoGradGuard()) {
      return torch.matmul(Devices.like(features, classes), classes).softmax(1).cpu();
    }
  }

  private Tensor input(Tensor images) {
    Tensor pixels =
        Devices.like(images, classes)
            .to(ScalarType.Float)
            .add(new Scalar(1.0))
            .mul(new Scalar(127.5))
            .round()
            .clamp(new ScalarOptional(new Scalar(0.0)), new ScalarOptional(new Scalar(255.0)));
    return resize.centred(resize.apply(pixels.expand(-1, 3, -1, -1), SIDE));
  }
}
