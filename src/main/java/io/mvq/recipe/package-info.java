/**
 * What determines a run: one record a system, architecture, loss and prior, with its documentation,
 * limits, flags and how its part of the model is made.
 *
 * <p>Start at {@link io.mvq.recipe.Recipe}. To add a quantizer, write a record beside {@link
 * io.mvq.recipe.Vq} and permit it in {@link io.mvq.recipe.Tokens}. Settings follow "Masked Vector
 * Quantization" (arXiv 2301.06626) and the papers named at each record. Imports the models, which
 * know no recipe; never {@code run}, {@code reproduce} or {@code cli}.
 */
package io.mvq.recipe;
