/**
 * The native kernels from Java: masked nearest-code search, MH-Dropout masks and hypothesis
 * selection, codebook sums (arXiv 2301.06626, 2312.11735). One class an operation; {@code mvq.h}
 * states every rule.
 *
 * <p>Start at {@link io.mvq.kernel.NearestCode}. Works on arrays, direct buffers and JavaCPP
 * pointers and needs no LibTorch on the class path. The only package that sees an address; imports
 * nothing of this project but its own generated binding.
 */
package io.mvq.kernel;
