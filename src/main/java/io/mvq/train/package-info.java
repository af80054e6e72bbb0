/**
 * Training: the loop and its settings, checkpoints, run logs and progress.
 *
 * <p>Start at {@link io.mvq.train.Trainer}, which knows no model: only a module's parameters and a
 * {@link io.mvq.train.Step} from a batch number to losses, so that autoencoders and priors share
 * the loop; a {@link io.mvq.train.Player} is trained in turn with it. Training resumed from a
 * {@link io.mvq.train.Checkpoint} is bit-equal to training that was never interrupted.
 *
 * <p>A recipe is text here: only {@link io.mvq.train.Training} is read. Imports {@code tensor},
 * {@code setting}, {@code files} and {@code picture}; never a model, a quantizer or a kernel.
 */
package io.mvq.train;
