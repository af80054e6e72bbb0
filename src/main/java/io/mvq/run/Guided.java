package io.mvq.run;

import io.mvq.metric.FeatureMoments;
import io.mvq.metric.FrechetDistance;
import io.mvq.metric.SmallClassifier;
import io.mvq.prior.Sampling;
import io.mvq.tensor.Tensors;
import java.util.Arrays;
import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Samples of a class, measured: as many of each class as make about as many as there are real
 * images.
 *
 * @param guidance how strongly the class was followed
 * @param agreement share of the samples that a classifier takes for the class they were asked to be
 * @param frechet distance to real images of all classes, on the classifier's features
 * @param images samples
 */
public record Guided(double guidance, double agreement, double frechet, long images) {
  private static final int BATCH = 64;

  /** For people. */
  public String line() {
    return String.format(
        Locale.ROOT,
        "guidance %s: %.1f %% of %d samples are taken for their class, Frechet distance %.2f%n",
        guidance,
        100 * agreement,
        images,
        frechet);
  }

  /**
   * Draws and measures.
   *
   * @param classes that the prior knows
   * @param real images of all classes, as the classifier sees them
   * @param seed equal seeds give equal samples
   * @throws IllegalArgumentException if the prior cannot be guided so
   */
  public static Guided of(
      TrainedModel model,
      int classes,
      double guidance,
      RealFeatures real,
      SmallClassifier classifier,
      long seed) {
    Sampling sampling = new Sampling(1, 0, 1, guidance);
    long each = Math.max(1, real.count() / classes);
    long right = 0;
    try (FeatureMoments truth = real.moments();
        FeatureMoments samples = new FeatureMoments(classifier.width())) {
      long batchSeed = seed;
      for (int label = 0; label < classes; label++) {
        long wanted = label;
        for (long done = 0; done < each; done += BATCH) {
          try (PointerScope scope = new PointerScope()) {
            int n = (int) Math.min(BATCH, each - done);
            Tensor images = model.sample(n, label, sampling, batchSeed++);
            samples.add(classifier.features(images));
            right +=
                Arrays.stream(Tensors.longs(classifier.classes(images)))
                    .filter(taken -> taken == wanted)
                    .count();
          }
        }
      }
      double frechet = FrechetDistance.between(truth, samples);
      return new Guided(guidance, (double) right / (each * classes), frechet, each * classes);
    }
  }
}
