/**
 * The benchmark: kernels against what a user would call instead, every figure a ratio of medians of
 * interleaved rounds.
 *
 * <p>Start at {@link io.mvq.bench.Bench}. The native harness of {@code tests/bench} measures
 * against the machine's limits, FAISS and OpenBLAS; this package measures against LibTorch and the
 * cost of a call from Java, and joins the tables. Imports {@link io.mvq.kernel}, {@link
 * io.mvq.tensor}, {@link io.mvq.timing} and {@link io.mvq.picture}; only {@code cli} may import it.
 */
package io.mvq.bench;
