/**
 * How good images are: Frechet distance (Heusel et al., arXiv 1706.08500) and its value for
 * infinitely many images, kernel distance, precision and recall, density and coverage on the
 * features of a network, Inception score; PSNR and SSIM of reconstructions. Each class names its
 * paper.
 *
 * <p>Start at {@link io.mvq.metric.FrechetDistance}; a {@link io.mvq.metric.FeatureNetwork} gives
 * it features. A distance means nothing without its network's name: only {@link
 * io.mvq.metric.FidInception} gives an FID. Imports io.mvq.tensor and nothing else of this project.
 */
package io.mvq.metric;
