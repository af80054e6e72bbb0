/**
 * Images in, batches out: folders, IDX, CIFAR-10, NumPy arrays and the emoji set of this
 * repository, all as uint8 planar images of one size, and shuffled float batches of them.
 *
 * <p>Start at {@link io.mvq.data.Datasets#open}, then {@link io.mvq.data.Batches}. {@link
 * io.mvq.data.ImageGrid} writes pictures. Imports io.mvq.tensor and nothing else of this project.
 */
package io.mvq.data;
