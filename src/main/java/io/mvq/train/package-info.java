/**
 * Training: the recipe of a run, the loop, checkpoints, run logs and progress.
 *
 * <p>Start at {@link io.mvq.train.Trainer}, which knows no model: only a module's parameters and a
 * {@link io.mvq.train.Step} from a batch number to losses, so that autoencoders and priors share
 * the loop; a {@link io.mvq.train.Player} is trained in turn with it. Training resumed from a
 * {@link io.mvq.train.Checkpoint} is bit-equal to training that was never interrupted.
 *
 * <p>Settings follow "Masked Vector Quantization" (arXiv 2301.06626). Imports {@code tensor} and
 * {@code data} only; never a model, a quantizer or a kernel.
 */
package io.mvq.train;
