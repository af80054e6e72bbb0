package io.mvq.hypothesis;

import io.mvq.kernel.MaskBits;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Views;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Which masks win, given an image's tokens: learned from the winners of training images, to draw
 * masks for new ones in place of uniform bits. All masks of an image are one row of bits.
 */
public abstract class MaskPrior extends Module {
  private final long winners;
  private final long maskWidth;
  private final TokenContext context;

  MaskPrior(String name, int[] codes, long winners, long maskWidth, int width) {
    super(name);
    require("winners", winners);
    require("maskWidth", maskWidth);
    require("width", width);
    this.winners = winners;
    this.maskWidth = maskWidth;
    context = register_module("context", new TokenContext(codes, width));
  }

  private static void require(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, got " + value);
    }
  }

  /**
   * Logits that each bit is 1.
   *
   * @param context (n, width)
   * @param kept (n, bits an image) zeros and ones, of which a bit's logit may depend on the earlier
   */
  abstract Tensor logits(Tensor context, Tensor kept);

  /** Draws bits, (n, bits an image) zeros and ones. @param uniform as many numbers in 0..1 */
  abstract Tensor draw(Tensor context, Tensor uniform);

  /** Bits an image: its masks one after another. */
  final long row() {
    return winners * maskWidth;
  }

  /**
   * Mean cross-entropy in nats a bit; uniform bits have ln 2.
   *
   * @param tokens (n, t) int64
   * @param masks (n * winners, C) zeros and ones, as {@link MultipleHypothesesDropout.Winners} has
   */
  public final Tensor loss(Tensor tokens, Tensor masks) {
    Tensor known = context.forward(tokens);
    Shapes.require(masks, "masks", tokens.size(0) * winners, maskWidth);
    Tensor kept = Devices.like(masks, known).reshape(-1, row());
    return torch.binary_cross_entropy_with_logits(logits(known, kept).to(ScalarType.Float), kept);
  }

  /**
   * Draws masks, in evaluation mode and without gradients.
   *
   * @param tokens (n, t) int64
   * @param seed equal seeds give equal masks
   * @return n * winners masks of C bits
   */
  public final MaskBits sample(Tensor tokens, long seed) {
    Tensor kept = drawn(tokens, seed);
    MaskBits masks = Views.pack(kept, "masks");
    kept.close();
    return masks;
  }

  private Tensor drawn(Tensor tokens, long seed) {
    boolean training = is_training();
    if (training) { // not otherwise: threads may sample at once
      eval();
    }
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      GeneratorOptional generator = new GeneratorOptional(torch.make_generator_cpu(seed));
      Tensor known = context.forward(tokens);
      Tensor uniform = torch.rand(new long[] {tokens.size(0), row()}, generator);
      return draw(known, Devices.like(uniform, known)).reshape(-1, maskWidth).retainReference();
    } finally {
      if (training) {
        train(true);
      }
    }
  }
}
