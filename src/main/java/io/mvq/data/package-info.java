/**
 * Images in, batches out: sources of uint8 planar images of one size, a set of two of them, and
 * shuffled float batches that depend on nothing but the source, the seed and the step.
 *
 * <p>Start at {@link io.mvq.data.Batches}; {@code io.mvq.data.set} opens sets, {@code
 * io.mvq.data.format} reads files, {@code io.mvq.data.fetch} fetches packages. Imports {@code
 * io.mvq.tensor}; none of those three rooms.
 */
package io.mvq.data;
