package io.mvq.examples;

import io.mvq.kernel.MaskBits;
import io.mvq.quantize.Bottleneck;
import io.mvq.quantize.Encoding;
import io.mvq.quantize.Search;
import io.mvq.tensor.Parameters;
import java.util.Map;
import org.bytedeco.pytorch.EmbeddingImpl;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Random-projection quantization of one token (BEST-RQ, arXiv 2202.01855, section 3.1): a row,
 * normalized and projected by a fixed random matrix, becomes the fixed random code nearest in
 * direction. What is fixed cannot collapse and needs no updates. The paper only predicts such
 * tokens; here they are decoded too, by a learned embedding of each. Gradients pass straight
 * through; a commitment loss would pull rows together and, codes being fixed, into few tokens.
 */
public final class RandomProjectionBottleneck extends Bottleneck {
  /** Of a batch in the moving averages. */
  private static final double SHARE = 0.1;

  private final int codes;
  private final int width;
  private final Tensor mean;
  private final Tensor deviation;
  private final Tensor projection;
  private final Tensor directions;
  private final EmbeddingImpl embedding;

  /**
   * One token; its projection and codes are drawn from LibTorch's generator.
   *
   * @param codes K
   * @param width D, floats a row
   * @param projected floats that a row is compared in
   */
  public RandomProjectionBottleneck(int codes, int width, int projected) {
    super("RandomProjectionBottleneck");
    this.codes = codes;
    this.width = width;
    // Buffers are saved with the weights but not trained.
    mean = Parameters.buffer(this, "mean", torch.zeros(width));
    deviation = Parameters.buffer(this, "deviation", torch.ones(width));
    projection =
        Parameters.buffer(this, "projection", torch.xavier_uniform_(torch.empty(width, projected)));
    directions =
        Parameters.buffer(this, "directions", torch.normalize(torch.randn(codes, projected)));
    embedding = register_module("embedding", new EmbeddingImpl(codes, width));
  }

  @Override
  public Result forward(Tensor latents, double progress) {
    Tensor tokens = tokens(latents);
    if (is_training()) {
      follow(latents, SHARE);
    }
    // A row of NaN has no token; its loss is NaN whatever it becomes.
    Tensor vectors = embedding.forward(tokens.clamp_min(new Scalar(0)));
    Tensor through = vectors.add(latents.sub(latents.detach()));
    return new Result(through, tokens.unsqueeze(1), Map.of());
  }

  @Override
  public Encoding encode(Tensor latents) {
    return new Encoding(tokens(latents).unsqueeze(1));
  }

  @Override
  public Tensor lookup(Tensor tokens, MaskBits masks) {
    try (NoGradGuard guard = new NoGradGuard()) {
      return embedding.forward(tokens.select(1, 0));
    }
  }

  @Override
  public void initialize(Tensor latents) {
    follow(check(latents), 1);
  }

  @Override
  public int[] codes() {
    return new int[] {codes};
  }

  @Override
  public long inputs() {
    return width;
  }

  @Override
  public long outputs() {
    return width;
  }

  /** (n, width) to (n); no graph. */
  private Tensor tokens(Tensor latents) {
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor rows = check(latents).sub(mean).div(deviation).matmul(projection);
      return Search.nearest(torch.normalize(rows).contiguous(), directions);
    }
  }

  /** Moves what rows are normalized by; the paper: without it few codes would be used. */
  private void follow(Tensor latents, double share) {
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor center = latents.mean(0);
      Tensor spread = latents.sub(center).square().mean(0).sqrt().clamp_min(new Scalar(1e-5));
      mean.lerp_(center, new Scalar(share));
      deviation.lerp_(spread, new Scalar(share));
    }
  }
}
