package io.mvq.quantize;

import io.mvq.kernel.MaskBits;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Residual vector quantization (as in arXiv 2107.03312, section III.C): what a first bottleneck
 * leaves of a row is quantized again, stage by stage; vectors are the sums. A stage as wide as the
 * whole row with H codes adds log2(H) bits, just what a winner among H hypotheses costs: the
 * control of masked vector quantization at equal bits.
 */
public final class ResidualBottleneck extends Bottleneck {
  private final Bottleneck first;
  private final VectorQuantizer[] stages;
  private final double commitment;

  /**
   * A first bottleneck and its stages.
   *
   * @param first as wide in vectors as in latents, without masks
   * @param stages each of a width that divides the row's: one token for each part of that width,
   *     from one codebook
   * @param commitment weight of a stage's commitment loss
   */
  public ResidualBottleneck(Bottleneck first, VectorQuantizer[] stages, double commitment) {
    super("ResidualBottleneck");
    if (first.inputs() != first.outputs()) {
      throw new IllegalArgumentException(
          "first must have as many outputs as inputs ("
              + first.inputs()
              + "), got "
              + first.outputs());
    }
    this.first = register_module("first", SeparateTokens.withoutMasks(first));
    this.stages = stages.clone();
    for (int s = 0; s < stages.length; s++) {
      if (first.inputs() % stages[s].width() != 0) {
        throw new IllegalArgumentException(
            "stage "
                + s
                + " must have a width that divides the row's "
                + first.inputs()
                + ", got "
                + stages[s].width());
      }
      register_module("stage" + s, stages[s]);
    }
    this.commitment = commitment;
  }

  @Override
  public Result forward(Tensor latents, double progress) {
    Result begun = first.forward(check(latents), progress);
    Map<String, Tensor> losses = new LinkedHashMap<>(begun.losses());
    TensorVector tokens = new TensorVector(begun.tokens());
    Tensor sum = begun.vectors().detach();
    Tensor through = begun.vectors();
    for (VectorQuantizer stage : stages) {
      // Without the latents' gradient: they receive it once, through the first vectors.
      Quantized more = stage.forward(parts(latents.detach().sub(sum), stage));
      tokens.push_back(more.index());
      Tensor vectors = more.vectors().reshape(-1, outputs());
      through = through.add(vectors);
      sum = sum.add(vectors.detach());
      losses.merge(
          "commitment", torch.mse_loss(latents, sum).mul(new Scalar(commitment)), Tensor::add);
    }
    return new Result(through, torch.cat(tokens, 1), losses);
  }

  @Override
  public Encoding encode(Tensor latents) {
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor begun = first.encode(check(latents)).tokens();
      TensorVector tokens = new TensorVector(begun);
      Tensor rest = latents.sub(first.lookup(begun, MaskBits.none()));
      for (VectorQuantizer stage : stages) {
        Tensor index = stage.assign(parts(rest, stage));
        tokens.push_back(index);
        rest = rest.sub(stage.lookup(index).reshape(-1, outputs()));
      }
      return new Encoding(torch.cat(tokens, 1));
    }
  }

  @Override
  public Tensor lookup(Tensor tokens, MaskBits masks) {
    try (NoGradGuard guard = new NoGradGuard()) {
      long from = first.codes().length;
      Tensor sum = first.lookup(tokens.narrow(1, 0, from), masks);
      for (VectorQuantizer stage : stages) {
        long count = outputs() / stage.width();
        Tensor vectors = stage.lookup(tokens.narrow(1, from, count));
        sum = sum.add(vectors.reshape(-1, outputs()));
        from += count;
      }
      return sum;
    }
  }

  @Override
  public void initialize(Tensor latents) {
    try (NoGradGuard guard = new NoGradGuard()) {
      first.initialize(check(latents));
      Tensor rest = latents.sub(first.lookup(first.encode(latents).tokens(), MaskBits.none()));
      for (VectorQuantizer stage : stages) {
        Tensor parts = parts(rest, stage);
        stage.initialize(parts);
        rest = rest.sub(stage.lookup(stage.assign(parts)).reshape(-1, outputs()));
      }
    }
  }

  @Override
  public int[] codes() {
    IntStream more =
        Arrays.stream(stages)
            .flatMapToInt(
                stage ->
                    IntStream.generate(() -> (int) stage.codebook().size())
                        .limit(outputs() / stage.width()));
    return IntStream.concat(Arrays.stream(first.codes()), more).toArray();
  }

  @Override
  public int[] codebooks() {
    int[] all = first.codebooks();
    for (VectorQuantizer stage : stages) {
      all = behind(all, new int[Math.toIntExact(outputs() / stage.width())]);
    }
    return all;
  }

  @Override
  public long inputs() {
    return first.inputs();
  }

  @Override
  public long outputs() {
    return first.outputs();
  }

  private Tensor parts(Tensor rest, VectorQuantizer stage) {
    return rest.reshape(-1, outputs() / stage.width(), stage.width());
  }
}
