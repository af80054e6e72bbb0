/**
 * A run from its recipe to its numbers: the stages of training, a folder with their checkpoints,
 * models in use, and what they are worth.
 *
 * <p>Start at {@link io.mvq.run.Pipeline}, which trains; {@link io.mvq.run.Run} is the folder,
 * {@link io.mvq.run.TrainedModel} what it holds, {@link io.mvq.run.Evaluation} its numbers. Here
 * the models of arXiv 2301.06626 meet images, training and measures; the packages of those know
 * nothing of each other. Imports all of them; never {@code cli} or {@code reproduce}.
 */
package io.mvq.run;
