/**
 * The LibTorch preset's rough edges in one place: arrays in and out of tensors, shape checks with
 * readable errors, a module's tensors by name, the random generator.
 *
 * <p>Start at {@link io.mvq.tensor.Tensors}. Imports nothing of this project.
 */
package io.mvq.tensor;
