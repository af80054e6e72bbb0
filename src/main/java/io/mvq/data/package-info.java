/**
 * Images in, batches out: folders, IDX, CIFAR-10, ImageNet 64 x 64, NumPy arrays, the emoji set of
 * this repository, and sets made of npm's and Debian's packages, all as uint8 planar images of one
 * size, and shuffled float batches of them.
 *
 * <p>Start at {@link io.mvq.data.Datasets#open}, then {@link io.mvq.data.Batches}. {@link
 * io.mvq.data.ImageGrid} writes pictures. Imports io.mvq.tensor and nothing else of this project.
 */
package io.mvq.data;
