/**
 * Codebooks and the quantizers made of them: nearest code by the kernel, EMA updates, k-means
 * initialisation, dead-code restart, straight-through gradients, codebook usage; and bottlenecks,
 * what an autoencoder has between encoder and decoder.
 *
 * <p>Start at {@link io.mvq.quantize.Bottleneck}; the plain one is {@link
 * io.mvq.quantize.VqBottleneck}, after van den Oord et al., "Neural Discrete Representation
 * Learning" (arXiv 1711.00937), section 3 and appendix A.1; each other one names its paper. Imports
 * {@link io.mvq.kernel} and {@link io.mvq.tensor}; never {@code hypothesis}.
 */
package io.mvq.quantize;
