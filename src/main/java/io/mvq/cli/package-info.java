/**
 * The {@code mvq} command: one file a subcommand, and what they share: a recipe's flags in groups,
 * device and threads, files of codes. What a command does is below, in {@code run}, {@code
 * reproduce} and {@code bench}.
 *
 * <p>Start at {@link io.mvq.cli.Main}. May import every package; none may import it.
 */
package io.mvq.cli;
