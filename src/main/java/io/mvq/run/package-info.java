/**
 * A run from its recipe to its numbers: fresh models, both stages of training, a folder with their
 * checkpoints, and what they are worth.
 *
 * <p>Start at {@link io.mvq.run.Run}. Here the models of arXiv 2301.06626 meet images, training and
 * measures; the packages of those know nothing of each other. Imports all of them; never {@code
 * cli} or {@code reproduce}.
 */
package io.mvq.run;
