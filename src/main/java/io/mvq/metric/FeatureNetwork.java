package io.mvq.metric;

import org.bytedeco.pytorch.Tensor;

/** A fixed network whose features the distances compare. */
public interface FeatureNetwork {
  /** Says which network, trained on what; belongs beside every number made with it. */
  String name();

  /** Floats a feature vector. */
  int width();

  /**
   * Features of images, without a graph.
   *
   * @param images float32 (n, c, h, w) in [-1, 1]
   * @return float32 (n, width)
   */
  Tensor features(Tensor images);
}
