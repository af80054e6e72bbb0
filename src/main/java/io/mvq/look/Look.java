package io.mvq.look;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * A frozen network that images are trained against, by maps of theirs. Its weights take no
 * gradient, and equal images give equal maps.
 */
public interface Look {
  /** Says which network, trained on what; belongs beside every number of a model trained by it. */
  String name();

  /**
   * Throws unless the network can see images of this shape.
   *
   * @throws IllegalArgumentException naming the look, what it takes and what it was given
   */
  void check(long channels, long side);

  /**
   * Maps from fine to coarse, with a graph to the images alone.
   *
   * @param images float32 (n, c, side, side) in [-1, 1]
   * @return of each map float32 (n, channels, height, width)
   */
  List<Tensor> maps(Tensor images);
}
