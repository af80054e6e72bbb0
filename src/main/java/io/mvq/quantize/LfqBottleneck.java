package io.mvq.quantize;

import io.mvq.kernel.MaskBits;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Lookup-free quantization of one token (arXiv 2310.05737, section 3.1): a row of b floats becomes
 * their signs, -1 or 1, and those are the bits of the token; gradients pass straight through. The
 * entropy loss E[H(q(z))] - H(E[q(z)]) makes single rows sure of their code and the batch use all
 * codes, q(bit = 1) being sigmoid(4 z): the softmax over the squared distances to -1 and 1. For
 * more than 8 bits the batch's entropy is summed over groups of up to 8, or it would need all 2^b
 * codes.
 */
public final class LfqBottleneck extends Bottleneck {
  private static final int GROUP = 8;
  private static final int MOST_BITS = 30;

  private final int bits;
  private final double commitment;
  private final double entropyWeight;

  /**
   * One token of {@code 2^bits} codes.
   *
   * @param bits floats a row, 1..30
   * @param commitment weight of the commitment loss; the paper's 0.25
   * @param entropyWeight weight of the entropy loss, in nats; the paper's 0.1
   */
  public LfqBottleneck(int bits, double commitment, double entropyWeight) {
    super("LfqBottleneck");
    if (bits < 1 || bits > MOST_BITS) {
      throw new IllegalArgumentException("bits must be in 1.." + MOST_BITS + ", got " + bits);
    }
    this.bits = bits;
    this.commitment = commitment;
    this.entropyWeight = entropyWeight;
  }

  @Override
  public Result forward(Tensor latents, double progress) {
    Tensor signs = signs(latents);
    Tensor through = signs.add(latents.sub(latents.detach()));
    Map<String, Tensor> losses = new LinkedHashMap<>();
    losses.put("commitment", torch.mse_loss(latents, signs).mul(new Scalar(commitment)));
    losses.put("entropy", entropyLoss(latents).mul(new Scalar(entropyWeight)));
    return new Result(through, tokens(signs), losses);
  }

  @Override
  public Encoding encode(Tensor latents) {
    try (NoGradGuard guard = new NoGradGuard()) {
      return new Encoding(tokens(signs(latents)));
    }
  }

  @Override
  public Tensor lookup(Tensor tokens, MaskBits masks) {
    Tensor kept = torch.bitwise_right_shift(tokens, places(tokens)).bitwise_and(new Scalar(1L));
    Tensor here = kept.to(ScalarType.Float);
    return here.mul(new Scalar(2)).sub(new Scalar(1));
  }

  @Override
  public int[] codes() {
    return new int[] {1 << bits};
  }

  @Override
  public long inputs() {
    return bits;
  }

  @Override
  public long outputs() {
    return bits;
  }

  /** E[H(q(z))] - H(E[q(z)]) in nats, q over the codes of all bits. */
  private Tensor entropyLoss(Tensor latents) {
    Tensor one = latents.mul(new Scalar(4)).sigmoid();
    Tensor zero = latents.mul(new Scalar(-4)).sigmoid();
    // The bits of one row are independent: its entropy is the sum of theirs.
    Tensor sure = entropy(one).add(entropy(zero)).sum(1).mean();
    Tensor spread = null;
    for (int from = 0; from < bits; from += GROUP) {
      Tensor joint = torch.ones_like(one.narrow(1, 0, 1));
      for (int bit = from; bit < Math.min(bits, from + GROUP); bit++) {
        Tensor off = joint.mul(zero.narrow(1, bit, 1));
        joint = torch.cat(new TensorVector(off, joint.mul(one.narrow(1, bit, 1))), 1);
      }
      Tensor group = entropy(joint.mean(0)).sum();
      spread = spread == null ? group : spread.add(group);
    }
    return sure.sub(spread);
  }

  /** -p log p, 0 at 0. */
  private static Tensor entropy(Tensor p) {
    return p.clamp_min(new Scalar(1e-12)).log().mul(p).neg();
  }

  private Tensor signs(Tensor latents) {
    Tensor positive = check(latents).detach().gt(new Scalar(0)).to(ScalarType.Float);
    return positive.mul(new Scalar(2)).sub(new Scalar(1));
  }

  /** Bit i of a token is the sign of float i. */
  private Tensor tokens(Tensor signs) {
    Tensor kept = signs.gt(new Scalar(0)).to(ScalarType.Long);
    return torch.bitwise_left_shift(kept, places(kept)).sum(new long[] {1}, true, null);
  }

  private Tensor places(Tensor like) {
    long[] places = new long[bits];
    for (int i = 0; i < bits; i++) {
      places[i] = i;
    }
    return Devices.like(Tensors.of(places, bits), like);
  }
}
