package io.mvq.quantize;

import io.mvq.kernel.MaskBits;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** The same bottleneck at each of p positions: the tokens of a grid share one codebook. */
public final class SharedTokens extends Bottleneck {
  private final int positions;
  private final Bottleneck each;

  /** One bottleneck for {@code positions} parts of a row; it must have no masks. */
  public SharedTokens(int positions, Bottleneck each) {
    super("SharedTokens");
    if (positions < 1) {
      throw new IllegalArgumentException("positions must be at least 1, got " + positions);
    }
    this.positions = positions;
    this.each = register_module("each", SeparateTokens.withoutMasks(each));
  }

  @Override
  public Result forward(Tensor latents, double progress) {
    Result result = each.forward(split(latents), progress);
    return new Result(
        result.vectors().reshape(-1, outputs()), joined(result.tokens()), result.losses());
  }

  @Override
  public Encoding encode(Tensor latents) {
    return new Encoding(joined(each.encode(split(latents)).tokens()));
  }

  @Override
  public Tensor lookup(Tensor tokens, MaskBits masks) {
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor rows = tokens.reshape(-1, each.codes().length);
      return each.lookup(rows, masks).reshape(-1, outputs());
    }
  }

  @Override
  public void initialize(Tensor latents) {
    each.initialize(split(latents));
  }

  @Override
  public int[] codes() {
    int[] once = each.codes();
    return IntStream.range(0, positions).flatMap(p -> Arrays.stream(once)).toArray();
  }

  @Override
  public int[] codebooks() {
    int[] once = each.codebooks();
    return IntStream.range(0, positions).flatMap(p -> Arrays.stream(once)).toArray();
  }

  @Override
  public long inputs() {
    return positions * each.inputs();
  }

  @Override
  public long outputs() {
    return positions * each.outputs();
  }

  private Tensor split(Tensor latents) {
    return check(latents).reshape(-1, each.inputs());
  }

  private Tensor joined(Tensor tokens) {
    return tokens.reshape(-1, (long) positions * each.codes().length);
  }
}
