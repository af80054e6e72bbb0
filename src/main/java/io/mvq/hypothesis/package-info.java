/**
 * Multiple Hypotheses Dropout: dropout masks turn one latent into many hypotheses, the best of
 * which wins and alone is trained (stochastic winner-takes-all).
 *
 * <p>Start at {@link io.mvq.hypothesis.MultipleHypothesesDropout}; {@link
 * io.mvq.hypothesis.MaskPrior} learns which masks win, given the tokens. Follows arXiv 2301.06626,
 * section 3, and arXiv 2312.11735. Imports {@link io.mvq.kernel} and {@link io.mvq.tensor}; never
 * {@code quantize}.
 */
package io.mvq.hypothesis;
