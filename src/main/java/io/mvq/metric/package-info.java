/**
 * How good images are: Frechet distance (Heusel et al., arXiv 1706.08500), precision and recall
 * (Kynkaanniemi et al., arXiv 1904.06991) on the features of a network, and PSNR.
 *
 * <p>Start at {@link io.mvq.metric.FrechetDistance}; a {@link io.mvq.metric.FeatureNetwork} gives
 * it features. A distance means nothing without its network's name: only the Inception network of
 * 2015 gives an FID, and none here is that. Imports io.mvq.tensor and nothing else of this project.
 */
package io.mvq.metric;
