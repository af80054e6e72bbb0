package io.mvq.quantize;

import io.mvq.kernel.MaskBits;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Plain vector quantization of one token (arXiv 1711.00937): a row becomes its nearest code. */
public final class VqBottleneck extends Bottleneck {
  private final VectorQuantizer quantizer;
  private final double commitment;

  /** Quantizes rows as wide as the quantizer. @param commitment weight of the commitment loss */
  public VqBottleneck(VectorQuantizer quantizer, double commitment) {
    super("VqBottleneck");
    this.quantizer = register_module("quantizer", quantizer);
    this.commitment = commitment;
  }

  @Override
  public Result forward(Tensor latents, double progress) {
    Quantized token = quantizer.forward(check(latents));
    Map<String, Tensor> losses =
        Map.of("commitment", token.commitment().mul(new Scalar(commitment)));
    return new Result(token.vectors(), token.index().unsqueeze(1), losses);
  }

  @Override
  public Encoding encode(Tensor latents) {
    try (NoGradGuard guard = new NoGradGuard()) {
      return new Encoding(quantizer.assign(check(latents)).unsqueeze(1));
    }
  }

  @Override
  public Tensor lookup(Tensor tokens, MaskBits masks) {
    try (NoGradGuard guard = new NoGradGuard()) {
      return quantizer.lookup(tokens.select(1, 0));
    }
  }

  @Override
  public void initialize(Tensor latents) {
    quantizer.initialize(check(latents));
  }

  @Override
  public int[] codes() {
    return new int[] {(int) quantizer.codebook().size()};
  }

  @Override
  public long inputs() {
    return quantizer.width();
  }

  @Override
  public long outputs() {
    return quantizer.width();
  }
}
