package io.mvq.autoencoder;

import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.GroupNormImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Two 3x3 convolutions, each after GroupNorm and SiLU, added to their input. */
final class ResidualBlock extends Module {
  private final GroupNormImpl norm1;
  private final GroupNormImpl norm2;
  private final Conv2dImpl conv1;
  private final Conv2dImpl conv2;

  ResidualBlock(long channels) {
    super("ResidualBlock");
    norm1 = register_module("norm1", Convolutions.norm(channels));
    conv1 = register_module("conv1", Convolutions.same(channels, channels));
    norm2 = register_module("norm2", Convolutions.norm(channels));
    conv2 = register_module("conv2", Convolutions.same(channels, channels));
  }

  /** (n, channels, h, w) to the same shape. */
  Tensor forward(Tensor x) {
    Tensor y = Convolutions.run(conv1, torch.silu(norm1.forward(x)));
    return x.add(Convolutions.run(conv2, torch.silu(norm2.forward(y))));
  }
}
