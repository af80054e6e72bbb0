package io.mvq.quantize;

import io.mvq.kernel.MaskBits;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Bottlenecks side by side, each on a part of the row: every token has a codebook of its own. */
public final class SeparateTokens extends Bottleneck {
  private final Bottleneck[] parts;
  private final int[] codes;

  /** The parts, in the order of their latents, vectors and tokens; they must have no masks. */
  public SeparateTokens(Bottleneck... parts) {
    super("SeparateTokens");
    if (parts.length == 0) {
      throw new IllegalArgumentException("parts must hold at least one bottleneck, got 0");
    }
    this.parts = parts.clone();
    for (int i = 0; i < parts.length; i++) {
      register_module("part" + i, withoutMasks(parts[i]));
    }
    codes = Arrays.stream(parts).flatMapToInt(part -> Arrays.stream(part.codes())).toArray();
  }

  /** Throws if this bottleneck has masks: only a whole row can have winners. */
  static Bottleneck withoutMasks(Bottleneck part) {
    if (part.winners() > 0) {
      throw new IllegalArgumentException(
          "a part of a bottleneck must have no masks, got " + part.winners() + " a row");
    }
    return part;
  }

  @Override
  public Result forward(Tensor latents, double progress) {
    check(latents);
    TensorVector vectors = new TensorVector();
    TensorVector tokens = new TensorVector();
    Map<String, Tensor> losses = new LinkedHashMap<>();
    long from = 0;
    for (Bottleneck part : parts) {
      Result result = part.forward(latents.narrow(1, from, part.inputs()), progress);
      from += part.inputs();
      vectors.push_back(result.vectors());
      tokens.push_back(result.tokens());
      // The mean over the parts, so that weights mean the same for any number of tokens.
      result
          .losses()
          .forEach(
              (name, loss) ->
                  losses.merge(name, loss.div(new Scalar((double) parts.length)), Tensor::add));
    }
    return new Result(torch.cat(vectors, 1), torch.cat(tokens, 1), losses);
  }

  @Override
  public Encoding encode(Tensor latents) {
    check(latents);
    TensorVector tokens = new TensorVector();
    long from = 0;
    for (Bottleneck part : parts) {
      tokens.push_back(part.encode(latents.narrow(1, from, part.inputs())).tokens());
      from += part.inputs();
    }
    return new Encoding(torch.cat(tokens, 1));
  }

  @Override
  public Tensor lookup(Tensor tokens, MaskBits masks) {
    try (NoGradGuard guard = new NoGradGuard()) {
      TensorVector vectors = new TensorVector();
      long from = 0;
      for (Bottleneck part : parts) {
        long count = part.codes().length;
        vectors.push_back(part.lookup(tokens.narrow(1, from, count), masks));
        from += count;
      }
      return torch.cat(vectors, 1);
    }
  }

  @Override
  public void initialize(Tensor latents) {
    check(latents);
    long from = 0;
    for (Bottleneck part : parts) {
      part.initialize(latents.narrow(1, from, part.inputs()));
      from += part.inputs();
    }
  }

  @Override
  public int[] codes() {
    return codes.clone();
  }

  @Override
  public int[] codebooks() {
    return Arrays.stream(parts).map(Bottleneck::codebooks).reduce(new int[0], Bottleneck::behind);
  }

  @Override
  public long inputs() {
    return Arrays.stream(parts).mapToLong(Bottleneck::inputs).sum();
  }

  @Override
  public long outputs() {
    return Arrays.stream(parts).mapToLong(Bottleneck::outputs).sum();
  }
}
