/**
 * Priors over tokens and their samplers: which codes go together, learned from the tokens of real
 * images, and drawn anew.
 *
 * <p>Start at {@link io.mvq.prior.TokenPrior}. With the few tokens an image has in "Masked Vector
 * Quantization" (arXiv 2301.06626) an autoregressive prior is small and quick. {@link
 * io.mvq.prior.TokenTransformer} is that of "Attention Is All You Need" (arXiv 1706.03762) in its
 * pre-norm form, {@link io.mvq.prior.PixelCnn} the gated one of arXiv 1606.05328. {@link
 * io.mvq.prior.LatentDiffusion} (arXiv 2006.11239) is for latents that are no tokens. Imports
 * {@code tensor} only: tokens are numbers here, whatever codebook they point into.
 */
package io.mvq.prior;
