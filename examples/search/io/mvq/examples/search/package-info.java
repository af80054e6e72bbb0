/**
 * Search by itself: a picture drawn with the colours of a palette. Needs the kernels and JavaCPP,
 * no model and no LibTorch.
 *
 * <p>Start at {@link io.mvq.examples.search.Palette}. Compiled and run by the tests; no part of the
 * library, which must not import it.
 */
package io.mvq.examples.search;
