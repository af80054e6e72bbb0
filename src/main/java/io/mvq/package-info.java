/**
 * What other programs call: models of images as a few tokens and a mask, masked vector quantization
 * of arXiv 2301.06626.
 *
 * <p>{@link io.mvq.Tokenizer} is a trained model in use, {@link io.mvq.Code} what it makes of a
 * picture, {@link io.mvq.Training} trains one. None of them shows a type of LibTorch; whoever works
 * with tensors finds the same in {@link io.mvq.run}. The kernels by themselves are in {@code
 * io.mvq.kernel}. Only the command line may import these; {@link io.mvq.Version} stands below all.
 */
package io.mvq;
