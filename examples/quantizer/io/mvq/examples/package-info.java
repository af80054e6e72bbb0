/**
 * A quantizer of one's own, as CONTRIBUTING.md adds one: a random-projection quantizer, after
 * "Self-supervised Learning with Random-projection Quantizer for Speech Recognition" (BEST-RQ,
 * arXiv 2202.01855), section 3.1.
 *
 * <p>Start at {@link io.mvq.examples.RandomProjectionBottleneck}. Compiled and run by the tests; no
 * part of the library, which must not import it.
 */
package io.mvq.examples;
