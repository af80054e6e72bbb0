/**
 * A model of one's own pictures, trained and used from Java.
 *
 * <p>Start at {@link io.mvq.examples.training.OwnImages}, which trains a run; {@link
 * io.mvq.examples.training.RoundTrip} uses it. Compiled and run by the tests; no part of the
 * library, which must not import it.
 */
package io.mvq.examples.training;
