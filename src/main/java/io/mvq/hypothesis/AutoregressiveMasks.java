package io.mvq.hypothesis;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Each bit depends on the tokens and on the bits before it: a neural autoregressive distribution
 * estimator (arXiv 1605.02226, section 3). What the bits so far amount to is a running sum of one
 * vector a bit, so that drawing a bit costs as little as the first.
 */
public final class AutoregressiveMasks extends MaskPrior {
  private final Tensor
      seen; // (winners * C, width), what a bit adds, plus if it is 1, minus if it is 0
  private final Tensor reads; // (winners * C, width), what a bit's logit reads
  private final Tensor biases; // (winners * C)

  /**
   * A fresh prior; seed LibTorch before.
   *
   * @param codes codes to choose from at each token
   * @param winners masks an image
   * @param maskWidth C, bits a mask
   * @param width of the network; the more, the more bits together it can know
   */
  public AutoregressiveMasks(int[] codes, long winners, long maskWidth, int width) {
    super("AutoregressiveMasks", codes, winners, maskWidth, width);
    seen = parameter("seen", 1 / Math.sqrt(row()), row(), width);
    reads = parameter("reads", 1 / Math.sqrt(width), row(), width);
    biases = parameter("biases", 0, row());
  }

  private Tensor parameter(String name, double deviation, long... shape) {
    Tensor values = torch.randn(shape).mul_(new Scalar(deviation));
    register_parameter(name, values, true); // its result points into the module: keep our own
    return values;
  }

  @Override
  Tensor logits(Tensor context, Tensor kept) {
    Tensor added = signs(kept).unsqueeze(2).mul(seen); // (n, winners * C, width)
    Tensor before = added.cumsum(1).sub(added).add(context.unsqueeze(1));
    return torch.relu(before).mul(reads).sum(2).add(biases);
  }

  @Override
  Tensor draw(Tensor context, Tensor uniform) {
    Tensor sum = context.clone();
    Tensor kept = torch.zeros_like(uniform);
    for (long bit = 0; bit < row(); bit++) {
      try (PointerScope one = new PointerScope()) {
        Tensor logit = torch.relu(sum).matmul(reads.select(0, bit)).add(biases.select(0, bit));
        Tensor column = kept.select(1, bit);
        column.copy_(uniform.select(1, bit).lt(logit.sigmoid()));
        sum.add_(signs(column).unsqueeze(1).mul(seen.select(0, bit)));
      }
    }
    return kept;
  }

  private static Tensor signs(Tensor kept) {
    return kept.mul(new Scalar(2.0)).sub(new Scalar(1.0));
  }
}
