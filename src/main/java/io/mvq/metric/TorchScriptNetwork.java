package io.mvq.metric;

import io.mvq.tensor.Shapes;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringIValueMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Any feature network saved as TorchScript whose {@code forward} maps float32 images (n, 3, h, w)
 * in [-1, 1] to features (n, d); it resizes and scales them itself. Grey images are repeated to
 * three channels.
 *
 * <p><b>This runs code.</b> A TorchScript file is a program: reading it, and every use, runs it
 * with this process's rights. Read none that you would not start. For programs that know what they
 * load; no subcommand of {@code mvq} uses this class.
 *
 * <p>A {@code forward} with an argument {@code return_features} is one of the networks that
 * StyleGAN is measured with, {@code inception-2015-12-05.pt} among them: it is given uint8 images
 * of 0 to 255 and asked for features, since it gives class probabilities otherwise.
 */
public final class TorchScriptNetwork implements FeatureNetwork {
  private static final String RETURN_FEATURES = "return_features";

  private final String name;
  private final JitModule script;
  private final boolean takesBytes;
  private final int width;

  /**
   * Reads the script and runs it once to learn its width.
   *
   * @param side pixels of the images it will be given
   */
  public TorchScriptNetwork(Path file, int side) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(file + " must be a TorchScript file, there is none");
    }
    name = "TorchScript " + file.getFileName();
    try {
      script = torch.load(file.toString());
    } catch (RuntimeException e) {
      // LibTorch adds 16 lines of its own stack.
      throw new IllegalArgumentException(
          file + " must be a TorchScript file: " + e.getMessage().lines().findFirst().orElse(""),
          e);
    }
    script.eval();
    try (PointerScope scope = new PointerScope()) {
      takesBytes =
          script
              .get_method("forward")
              .function()
              .getSchema()
              .argumentIndexWithName(RETURN_FEATURES)
              .has_value();
      width = (int) forward(torch.zeros(1, 3, side, side)).size(1);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public Tensor features(Tensor images) {
    Shapes.require(images, "images", Shapes.ANY, Shapes.ANY, Shapes.ANY, Shapes.ANY);
    if (images.size(1) != 1 && images.size(1) != 3) {
      throw new IllegalArgumentException("images must have 1 or 3 channels, got " + images.size(1));
    }
    return forward(images.expand(-1, 3, -1, -1));
  }

  private Tensor forward(Tensor images) {
    try (NoGradGuard guard = new NoGradGuard()) {
      IValueVector input = new IValueVector(new IValue(takesBytes ? bytes(images) : images));
      StringIValueMap options = new StringIValueMap();
      if (takesBytes) {
        options.put(new BytePointer(RETURN_FEATURES), new IValue(true));
      }
      IValue given = script.forward(input, options);
      if (!given.isTensor()) {
        throw new IllegalArgumentException(name + " must give one tensor (n, d), not several");
      }
      return Shapes.require(given.toTensor(), "features of " + name, images.size(0), Shapes.ANY);
    }
  }

  private static Tensor bytes(Tensor images) {
    return images
        .add(new Scalar(1.0))
        .mul(new Scalar(127.5))
        .round()
        .clamp_min(new Scalar(0.0))
        .clamp_max(new Scalar(255.0))
        .to(ScalarType.Byte);
  }
}
