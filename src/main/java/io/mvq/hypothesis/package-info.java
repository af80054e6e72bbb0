/**
 * Multiple Hypotheses Dropout: dropout masks turn one latent into many hypotheses, the best of
 * which wins and is trained (stochastic winner-takes-all).
 *
 * <p>Start at {@link io.mvq.hypothesis.MultipleHypothesesDropout}; {@link
 * io.mvq.hypothesis.MaskSet} says which masks are tried, {@link io.mvq.hypothesis.SearchOptions}
 * what goes beyond the first paper, {@link io.mvq.hypothesis.MaskPrior} learns which masks win,
 * given the tokens. Follows arXiv 2301.06626, section 3, arXiv 2312.11735 and, for annealed
 * winners, arXiv 2407.15580. Imports {@link io.mvq.kernel} and {@link io.mvq.tensor}; never {@code
 * quantize}.
 */
package io.mvq.hypothesis;
