/**
 * Codebooks and the quantizers made of them: nearest code by the kernel, EMA updates, k-means
 * initialisation, dead-code restart, straight-through gradients, codebook usage.
 *
 * <p>Start at {@link io.mvq.quantize.VectorQuantizer}. Follows van den Oord et al., "Neural
 * Discrete Representation Learning" (arXiv 1711.00937), section 3 and appendix A.1. Imports {@link
 * io.mvq.kernel} and {@link io.mvq.tensor}; never {@code hypothesis}.
 */
package io.mvq.quantize;
