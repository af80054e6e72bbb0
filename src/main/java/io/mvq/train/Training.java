package io.mvq.train;

import io.mvq.setting.Flag;
import io.mvq.setting.Limits;

/**
 * How a model is trained.
 *
 * @param steps optimizer steps
 * @param batch images (or token rows) a batch
 * @param accumulate batches whose gradients are averaged before one step
 * @param shards equal parts of a batch, each with its own forward and backward pass, which as many
 *     ranks can share; a power of two that divides the batch. The result depends on it, never on
 *     the ranks
 * @param learningRate the peak, reached after the warm-up
 * @param warmup steps of linear rise; a run that is shorter ends below the peak
 * @param floor learning rate after the last step, as a share of the peak
 * @param weightDecay AdamW's, on matrices and convolutions only
 * @param beta2 AdamW's second decay
 * @param clip greatest global norm of the gradients; 0 does not clip
 * @param averageDecay EMA decay of the weights for evaluation; 0 switches it off
 * @param seed of LibTorch's generator and of the data's order
 * @param precision of convolutions and dense layers
 */
public record Training(
    @Flag(name = "steps", value = "10000", help = "training steps") long steps,
    @Flag(name = "batch", value = "64", help = "images a step") int batch,
    @Flag(name = "accumulate", value = "1", help = "batches whose gradients make one step")
        int accumulate,
    @Flag(
            name = "shards",
            value = "1",
            help = "parts of a batch, a power of two, that up to as many --ranks compute apart")
        int shards,
    @Flag(
            name = "learning-rate",
            value = "1.0E-3",
            label = "RATE",
            help = "peak, after the warm-up")
        double learningRate,
    @Flag(
            name = "warmup",
            value = "200",
            label = "STEPS",
            help = "steps of linear rise, then a cosine falls")
        long warmup,
    @Flag(
            name = "learning-rate-floor",
            value = "0.1",
            label = "SHARE",
            help = "of the peak, where the cosine ends")
        double floor,
    @Flag(name = "weight-decay", value = "1.0E-4", label = "DECAY", help = "AdamW's")
        double weightDecay,
    @Flag(name = "beta2", value = "0.999", label = "DECAY", help = "AdamW's second") double beta2,
    @Flag(
            name = "clip",
            value = "1.0",
            label = "NORM",
            help = "greatest norm of the gradients; 0 for any")
        double clip,
    @Flag(
            name = "average-decay",
            value = "0.999",
            label = "DECAY",
            help = "moving average of the weights for evaluation; 0 for none")
        double averageDecay,
    @Flag(name = "seed", value = "1", label = "SEED", help = "equal seeds give equal runs")
        long seed,
    @Flag(
            name = "precision",
            value = "float32",
            help = "of convolutions and dense layers; codebooks and losses keep float32")
        Precision precision) {
  public Training {
    Limits.atLeast("steps", steps, 1);
    Limits.atLeast("batch", batch, 1);
    Limits.atLeast("accumulate", accumulate, 1);
    requireShards(shards, batch);
    Limits.positive("learning-rate", learningRate);
    Limits.atLeast("warmup", warmup, 0);
    Limits.between("learning-rate-floor", floor, 0, 1);
    Limits.nonNegative("weight-decay", weightDecay);
    Limits.insideUnit("beta2", beta2);
    Limits.nonNegative("clip", clip);
    Limits.belowOne("average-decay", averageDecay);
    Limits.present("precision", precision);
  }

  private static void requireShards(int shards, int batch) {
    if (shards < 1 || Integer.bitCount(shards) != 1) {
      throw new IllegalArgumentException("shards must be a power of two, got " + shards);
    }
    if (batch % shards != 0) {
      throw new IllegalArgumentException(
          "shards must divide the batch of " + batch + ", got " + shards);
    }
  }

  /** Forward and backward passes a step. */
  public int passes() {
    return accumulate * shards;
  }

  /** Images (or token rows) of a pass. */
  public int rows() {
    return batch / shards;
  }

  /** Whether it is in bfloat16. */
  public boolean bf16() {
    return precision == Precision.BF16;
  }
}
