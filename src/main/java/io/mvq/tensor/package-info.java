/**
 * The LibTorch preset's rough edges in one place: arrays in and out of tensors, shape checks with
 * readable errors, a module's tensors by name, the random generator, exchange between processes.
 *
 * <p>Start at {@link io.mvq.tensor.Tensors}; {@link io.mvq.tensor.Views} hands tensors to the
 * kernels. Imports {@link io.mvq.kernel} only.
 */
package io.mvq.tensor;
