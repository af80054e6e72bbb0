/**
 * Sets of images by name: a folder of your own, the emoji of this repository, sets made of npm's
 * and Debian's packages, and the formats of {@code io.mvq.data.format}.
 *
 * <p>Start at {@link io.mvq.data.set.Datasets#open}. Imports the other rooms of {@code
 * io.mvq.data}; nothing of models or training.
 */
package io.mvq.data.set;
