/**
 * Times of things that take turns: medians of interleaved rounds, so that what slows the machine
 * for a while slows all alike.
 *
 * <p>Start at {@link io.mvq.timing.Rounds}. Imports {@code io.mvq.kernel} and {@code
 * io.mvq.tensor}; knows neither benchmarks nor models.
 */
package io.mvq.timing;
