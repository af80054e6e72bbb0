package io.mvq.autoencoder;

import io.mvq.hypothesis.MultipleHypothesesDropout;
import io.mvq.kernel.MaskBits;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * An autoencoder with masked vector quantization: t1 base tokens, then t2 secondary tokens, and a
 * mask.
 */
public final class MvqAutoencoder extends TokenAutoencoder {
  private final Encoder encoder;
  private final MaskedVectorQuantizer quantizer;
  private final Decoder decoder;
  private final double commitment;
  private final double winnerWeight;
  private final MultipleHypothesesDropout.Settings shape;
  private final int[] codes;

  /**
   * The model.
   *
   * @param convolutions base width of the convolutions
   * @param commitment weight of the commitment loss
   * @param winnerWeight weight of the winner-takes-all loss
   */
  public MvqAutoencoder(
      ImageShape images,
      int convolutions,
      MaskedVectorQuantizer quantizer,
      double commitment,
      double winnerWeight) {
    super("MvqAutoencoder");
    this.commitment = commitment;
    this.winnerWeight = winnerWeight;
    shape = quantizer.dropout().settings();
    long base = shape.tokens() * shape.width();
    encoder =
        register_module(
            "encoder",
            new Encoder(images, convolutions, base + shape.latents() * shape.channels()));
    this.quantizer = register_module("quantizer", quantizer);
    decoder = register_module("decoder", new Decoder(images, convolutions, base));
    codes = new int[Math.toIntExact(shape.tokens() + shape.latents())];
    Arrays.fill(codes, (int) quantizer.secondary().codebook().size());
    Arrays.fill(codes, 0, (int) shape.tokens(), (int) quantizer.base().codebook().size());
  }

  @Override
  public Outcome forward(Tensor images) {
    Tensor pixels = here(images);
    Tensor y = encoder.forward(pixels);
    MaskedVectorQuantizer.Result result = quantizer.forward(y1(y), y2(y));
    Tensor decoded = decoder.forward(result.vectors().flatten(1, -1));
    Map<String, Tensor> losses = new LinkedHashMap<>();
    losses.put("reconstruction", torch.mse_loss(decoded, pixels));
    losses.put("commitment", result.commitment().mul(new Scalar(commitment)));
    losses.put("winner", result.winner().mul(new Scalar(winnerWeight)));
    return new Outcome(decoded, losses);
  }

  @Override
  public void initialize(Tensor images) {
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor y = encoder.forward(here(images));
      quantizer.initialize(y1(y), y2(y));
    }
  }

  @Override
  Tensor lastLayer() {
    return decoder.lastLayer();
  }

  @Override
  public Encoding encode(Tensor images) {
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor y = encoder.forward(here(images));
      return quantizer.encode(y1(y), y2(y));
    }
  }

  @Override
  public Tensor decode(Tensor tokens, MaskBits masks) {
    Tokens.check(tokens, codes);
    if (masks == null) {
      throw new IllegalArgumentException(
          "masks must be given for an MVQ model, got null; draw some with randomMasks");
    }
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor vectors = quantizer.lookup(tokens, masks);
      return Tokens.clamped(decoder.forward(vectors.flatten(1, -1)));
    }
  }

  @Override
  public MaskBits randomMasks(long n, long seed) {
    return quantizer.dropout().randomMasks(n, seed);
  }

  @Override
  public long winners() {
    return quantizer.dropout().winners();
  }

  @Override
  public int[] codes() {
    return codes.clone();
  }

  @Override
  public double maskBits() {
    return quantizer.dropout().winners() * Math.log(shape.hypotheses()) / Math.log(2);
  }

  private Tensor y1(Tensor y) {
    return y.narrow(1, 0, shape.tokens() * shape.width())
        .reshape(-1, shape.tokens(), shape.width());
  }

  private Tensor y2(Tensor y) {
    return y.narrow(1, shape.tokens() * shape.width(), shape.latents() * shape.channels())
        .reshape(-1, shape.latents(), shape.channels());
  }
}
