package io.mvq.hypothesis;

import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Bits that are independent once the tokens are known. */
public final class BernoulliMasks extends MaskPrior {
  private final LinearImpl head;

  /**
   * A fresh prior; seed LibTorch before.
   *
   * @param codes codes to choose from at each token
   * @param winners masks an image
   * @param maskWidth C, bits a mask
   * @param width of the network
   */
  public BernoulliMasks(int[] codes, long winners, long maskWidth, int width) {
    super("BernoulliMasks", codes, winners, maskWidth, width);
    head = register_module("head", new LinearImpl(width, row()));
  }

  @Override
  Tensor logits(Tensor context, Tensor kept) {
    return head.forward(context);
  }

  @Override
  Tensor draw(Tensor context, Tensor uniform) {
    return uniform.lt(head.forward(context).sigmoid()).to(ScalarType.Float);
  }
}
