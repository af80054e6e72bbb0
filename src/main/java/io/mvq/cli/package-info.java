/**
 * The {@code mvq} command: one file a subcommand, and what they share: recipes from flags, models
 * from recipes, a run's folder, its training and its evaluation.
 *
 * <p>Start at {@link io.mvq.cli.Main}. May import every package; none may import it.
 */
package io.mvq.cli;
