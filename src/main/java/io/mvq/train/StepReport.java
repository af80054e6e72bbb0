package io.mvq.train;

import java.util.Map;

/**
 * How a step went.
 *
 * @param step steps done, so the first report says 1
 * @param loss mean total loss of the step's batches
 * @param parts mean of each part of the loss, by name
 * @param learningRate of the step
 * @param gradientNorm before clipping
 */
public record StepReport(
    long step, double loss, Map<String, Double> parts, double learningRate, double gradientNorm) {}
