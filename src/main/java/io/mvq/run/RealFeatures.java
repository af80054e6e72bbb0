package io.mvq.run;

import io.mvq.data.Batches;
import io.mvq.data.ImageSource;
import io.mvq.metric.FeatureMoments;
import io.mvq.metric.FeatureNetwork;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Features of real images, which everything else is held against: made once, used for every model.
 *
 * @param rows (n, width); retained
 */
public record RealFeatures(ImageSource images, FeatureNetwork network, Tensor rows) {
  private static final int BATCH = 64;
  private static final int FEWEST = 5;

  /** Of all images of a set. @param which names the set in errors */
  public static RealFeatures of(String which, ImageSource images, FeatureNetwork network) {
    if (images.size() < FEWEST) {
      throw new IllegalArgumentException(
          "a comparison of distributions needs at least "
              + FEWEST
              + " "
              + which
              + " images, got "
              + images.size());
    }
    try (PointerScope outer = new PointerScope();
        Batches batches = batches(images)) {
      TensorVector rows = new TensorVector();
      while (batches.hasNext()) {
        try (PointerScope scope = new PointerScope()) {
          rows.push_back(network.features(batches.next().pixels()));
        }
      }
      return new RealFeatures(images, network, torch.cat(rows, 0).retainReference());
    }
  }

  /** The images in the order of the rows. */
  static Batches batches(ImageSource images) {
    return Batches.inOrder(images, BATCH, 1);
  }

  /** How many. */
  public long count() {
    return rows.size(0);
  }

  /** Mean and covariance; the caller closes it. */
  FeatureMoments moments() {
    return moments(rows);
  }

  static FeatureMoments moments(Tensor rows) {
    FeatureMoments moments = new FeatureMoments((int) rows.size(1));
    moments.add(rows);
    return moments;
  }
}
