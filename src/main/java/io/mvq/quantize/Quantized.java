package io.mvq.quantize;

import org.bytedeco.pytorch.Tensor;

/**
 * What a quantizer made of its input.
 *
 * @param vectors like the input: the codes, with the input's gradient (straight-through)
 * @param index int64, the input's shape less its last dimension
 * @param commitment scalar: mean squared distance from the input to its codes, with the input's
 *     gradient
 */
public record Quantized(Tensor vectors, Tensor index, Tensor commitment) {}
