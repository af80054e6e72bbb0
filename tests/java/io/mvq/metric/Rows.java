package io.mvq.metric;

import io.mvq.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/** Features for tests. */
final class Rows {
  private Rows() {}

  /** Features of one number. */
  static Tensor line(float... values) {
    return Tensors.of(values, values.length, 1);
  }
}
