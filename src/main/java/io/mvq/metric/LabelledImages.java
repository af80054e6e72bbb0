package io.mvq.metric;

import org.bytedeco.pytorch.Tensor;

/**
 * Images with classes, to train or judge a classifier.
 *
 * @param images float32 (n, c, h, w) in [-1, 1]
 * @param labels int64 (n), 0 to classes - 1
 */
public record LabelledImages(Tensor images, Tensor labels) {}
