package io.mvq.metric;

import io.mvq.tensor.Shapes;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Any feature network saved as TorchScript whose {@code forward} maps float32 images (n, 3, h, w)
 * in [-1, 1] to features (n, d); it resizes and scales them itself. Grey images are repeated to
 * three channels.
 */
public final class TorchScriptNetwork implements FeatureNetwork {
  private final String name;
  private final JitModule script;
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
      IValue given = script.forward(new IValueVector(new IValue(images)));
      if (!given.isTensor()) {
        throw new IllegalArgumentException(name + " must give one tensor (n, d), not several");
      }
      return Shapes.require(given.toTensor(), "features of " + name, images.size(0), Shapes.ANY);
    }
  }
}
