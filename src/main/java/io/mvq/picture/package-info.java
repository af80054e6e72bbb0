/**
 * What people look at: tensors as PNG files, alone and in grids with captions, and plots of lines
 * and bars. None needs a display.
 *
 * <p>Start at {@link io.mvq.picture.ImageGrid} and {@link io.mvq.picture.LinePlot}. Imports {@code
 * io.mvq.tensor} and nothing else of this project; knows neither runs nor claims nor benchmarks,
 * and is the only package that sees the plotting library.
 */
package io.mvq.picture;
