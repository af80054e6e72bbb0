/**
 * A model's encoder and decoder as ONNX graphs, for programs in any language: {@link
 * io.mvq.export.onnx.OnnxModel} writes them, node by node, from a recipe and named weights, since
 * LibTorch cannot trace from Java. Operators of opset 17 alone. What the graphs compute is the
 * definition of the classes in {@code io.mvq.autoencoder}, {@code quantize} and {@code hypothesis};
 * a test holds each of them to those, run by ONNX Runtime. Source of the format: onnx.proto of
 * version 1.12.
 */
package io.mvq.export.onnx;
