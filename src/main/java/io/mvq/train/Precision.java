package io.mvq.train;

/** What convolutions and dense layers calculate with while training. */
public enum Precision {
  /** 32 bits. */
  FLOAT32,
  /** bfloat16; weights, codebooks, sums of norms and losses stay in 32 bits. */
  BF16
}
