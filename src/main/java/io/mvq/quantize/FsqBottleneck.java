package io.mvq.quantize;

import io.mvq.kernel.MaskBits;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Tensors;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Finite scalar quantization of one token (arXiv 2309.15505, section 3): each float is bounded by a
 * tanh and rounded to one of its l levels in -1..1; there is no codebook to learn and no loss of
 * its own. The gradient is that of the bounded float, straight through the rounding. The paper
 * advises at least 5 levels; (8, 5, 5, 5) makes 1,000 codes, (8, 6, 5) 240.
 */
public final class FsqBottleneck extends Bottleneck {
  /** Keeps tanh's ends within half a step of the outer levels. */
  private static final double SHRINK = 1 - 1e-3;

  private static final int MOST_CODES = 1 << 24;

  private final int width;
  private final int codes;
  private final float[] half;
  private final float[] offset;
  private final float[] shift;
  private final long[] levels;
  private final long[] stride;

  /** One token of as many floats as there are levels, each at least 2. */
  public FsqBottleneck(List<Integer> levels) {
    super("FsqBottleneck");
    if (levels.isEmpty()) {
      throw new IllegalArgumentException("levels must hold at least one number, got none");
    }
    width = levels.size();
    half = new float[width];
    offset = new float[width];
    shift = new float[width];
    this.levels = new long[width];
    stride = new long[width];
    long product = 1;
    for (int i = 0; i < width; i++) {
      int l = levels.get(i);
      if (l < 2) {
        throw new IllegalArgumentException("levels must be at least 2, got " + l);
      }
      half[i] = (float) ((l - 1) * SHRINK / 2);
      // An even number of levels has none in the middle: -l/2 .. l/2 - 1, shifted so that 0 is 0.
      offset[i] = l % 2 == 0 ? 0.5f : 0;
      shift[i] = (float) Math.tan(offset[i] / half[i]);
      this.levels[i] = l;
      stride[i] = product;
      product *= l;
      if (product > MOST_CODES) {
        throw new IllegalArgumentException(
            "levels must make at most " + MOST_CODES + " codes, got " + levels);
      }
    }
    codes = (int) product;
  }

  @Override
  public Result forward(Tensor latents, double progress) {
    Tensor bounded = bounded(latents);
    Tensor rounded = bounded.detach().round();
    Tensor through = rounded.add(bounded.sub(bounded.detach()));
    return new Result(through.div(middle(latents)), tokens(rounded), Map.of());
  }

  @Override
  public Encoding encode(Tensor latents) {
    try (NoGradGuard guard = new NoGradGuard()) {
      return new Encoding(tokens(bounded(latents).round()));
    }
  }

  @Override
  public Tensor lookup(Tensor tokens, MaskBits masks) {
    Tensor digits =
        torch
            .floor_divide(tokens, Devices.like(Tensors.of(stride, width), tokens))
            .remainder(Devices.like(Tensors.of(levels, width), tokens));
    Tensor here = digits.to(ScalarType.Float);
    return here.div(middle(here)).sub(torch.ones_like(here));
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

  /** Within half a step of -floor(l/2) .. ceil(l/2) - 1. */
  private Tensor bounded(Tensor latents) {
    Tensor shifted = check(latents).add(row(shift, latents));
    return shifted.tanh().mul(row(half, latents)).sub(row(offset, latents));
  }

  /** Mixed radix, the first float's digit the least: rounded steps to (n, 1) int64. */
  private Tensor tokens(Tensor rounded) {
    Tensor digits = rounded.add(middle(rounded)).to(ScalarType.Long);
    return digits
        .mul(Devices.like(Tensors.of(stride, width), digits))
        .sum(new long[] {1}, true, null);
  }

  /** floor(l/2) of each float: the digit of 0, and what brings the steps to -1..1. */
  private Tensor middle(Tensor like) {
    float[] middle = new float[width];
    for (int i = 0; i < width; i++) {
      middle[i] = levels[i] / 2;
    }
    return row(middle, like);
  }

  private static Tensor row(float[] values, Tensor like) {
    return Devices.like(Tensors.of(values, values.length), like);
  }
}
