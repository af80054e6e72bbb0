package io.mvq.autoencoder;

import io.mvq.kernel.MaskBits;
import io.mvq.quantize.Quantized;
import io.mvq.quantize.VectorQuantizer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The baseline, a VQ-VAE (arXiv 1711.00937) with few tokens: each of t tokens has a codebook of its
 * own.
 */
public final class VqAutoencoder extends TokenAutoencoder {
  private final long width;
  private final double commitment;
  private final Encoder encoder;
  private final Decoder decoder;
  private final VectorQuantizer[] quantizers;
  private final int[] codes;

  /**
   * The model.
   *
   * @param convolutions base width of the convolutions
   * @param quantizers one for each token
   * @param width floats a token
   * @param commitment weight of the commitment loss
   */
  public VqAutoencoder(
      ImageShape shape,
      int convolutions,
      VectorQuantizer[] quantizers,
      long width,
      double commitment) {
    super("VqAutoencoder");
    this.width = width;
    this.commitment = commitment;
    this.quantizers = quantizers.clone();
    encoder =
        register_module("encoder", new Encoder(shape, convolutions, quantizers.length * width));
    for (int t = 0; t < quantizers.length; t++) {
      register_module("quantizer" + t, quantizers[t]);
    }
    decoder =
        register_module("decoder", new Decoder(shape, convolutions, quantizers.length * width));
    codes = Arrays.stream(quantizers).mapToInt(q -> (int) q.codebook().size()).toArray();
  }

  @Override
  public Outcome forward(Tensor images) {
    Tensor pixels = here(images);
    Tensor y = encoder.forward(pixels);
    TensorVector vectors = new TensorVector();
    Tensor committed = null;
    for (int t = 0; t < quantizers.length; t++) {
      Quantized token = quantizers[t].forward(token(y, t));
      vectors.push_back(token.vectors());
      committed = committed == null ? token.commitment() : committed.add(token.commitment());
    }
    Tensor decoded = decoder.forward(torch.cat(vectors, 1));
    Map<String, Tensor> losses = new LinkedHashMap<>();
    losses.put("reconstruction", torch.mse_loss(decoded, pixels));
    losses.put("commitment", committed.mul(new Scalar(commitment / quantizers.length)));
    return new Outcome(decoded, losses);
  }

  @Override
  public void initialize(Tensor images) {
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor y = encoder.forward(here(images));
      for (int t = 0; t < quantizers.length; t++) {
        quantizers[t].initialize(token(y, t));
      }
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
      TensorVector tokens = new TensorVector();
      for (int t = 0; t < quantizers.length; t++) {
        tokens.push_back(quantizers[t].assign(token(y, t)));
      }
      return new Encoding(torch.stack(tokens, 1), null);
    }
  }

  @Override
  public Tensor decode(Tensor tokens, MaskBits masks) {
    Tokens.check(tokens, codes);
    try (NoGradGuard guard = new NoGradGuard()) {
      TensorVector vectors = new TensorVector();
      for (int t = 0; t < quantizers.length; t++) {
        vectors.push_back(quantizers[t].lookup(tokens.select(1, t)));
      }
      return Tokens.clamped(decoder.forward(torch.cat(vectors, 1)));
    }
  }

  @Override
  public MaskBits randomMasks(long n, long seed) {
    return null;
  }

  @Override
  public long winners() {
    return 0;
  }

  @Override
  public int[] codes() {
    return codes.clone();
  }

  @Override
  public double maskBits() {
    return 0;
  }

  private Tensor token(Tensor y, int t) {
    return y.narrow(1, t * width, width);
  }
}
