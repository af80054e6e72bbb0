/**
 * Files to images: PNG, JPEG and WebP, IDX, CIFAR-10, ImageNet 64 x 64, NumPy arrays, pickles of
 * plain data, and Qt's resource files. A file is never believed: sizes are checked before memory is
 * taken, nothing in it is run, and a fault is an IOException that names the file.
 *
 * <p>Start at {@link io.mvq.data.format.ImageFiles}, then {@link io.mvq.data.format.Raster}.
 * Imports {@code io.mvq.data} and {@code io.mvq.data.fetch}; never {@code io.mvq.data.set}.
 */
package io.mvq.data.format;
