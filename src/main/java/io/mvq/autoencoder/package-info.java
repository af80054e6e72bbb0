/**
 * Encoders, decoders, and the models made of them: images to a few tokens, or to continuous
 * latents, and back.
 *
 * <p>Start at {@link io.mvq.autoencoder.TokenAutoencoder}; {@link io.mvq.autoencoder.MvqBottleneck}
 * is the method of arXiv 2301.06626, section 3. {@link io.mvq.autoencoder.Autoencoder} is what
 * training needs, {@link io.mvq.autoencoder.ReconstructionLoss} what is minimised, with or without
 * a discriminator. Imports {@link io.mvq.quantize}, {@link io.mvq.hypothesis}, {@link
 * io.mvq.tensor} and {@link io.mvq.kernel}; knows no data set, no recipe and no training loop.
 */
package io.mvq.autoencoder;
