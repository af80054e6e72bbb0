/**
 * What images of drawn masks are trained by: the energy score (Gneiting and Raftery, "Strictly
 * Proper Scoring Rules, Prediction, and Estimation", 2007, section 4.3) of what a frozen network
 * sees in them. A network trained against is a look; one that measures is {@link
 * io.mvq.metric.FeatureNetwork}, and no claim may be judged on a network that was the look.
 *
 * <p>Start at {@link io.mvq.look.EnergyScore}; {@link io.mvq.look.Look} says what a look must do.
 * Imports {@link io.mvq.metric} for its readers of weights, and {@link io.mvq.tensor}; knows no
 * model.
 */
package io.mvq.look;
