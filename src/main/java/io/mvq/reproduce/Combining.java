package io.mvq.reproduce;

import io.mvq.autoencoder.BottleneckAutoencoder;
import io.mvq.data.ImageSource;
import io.mvq.run.Combination;
import io.mvq.run.Evaluation;
import io.mvq.run.Smoothness;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * How smoothly one held-out image becomes another (the paper's claim that features of small latents
 * combine), in shares of the distance between both ends, means over pairs.
 *
 * @param longest step on MVQ's way by the vectors of codes and residuals
 * @param swapped longest step where plain VQ's tokens are swapped one after another
 * @param plain longest step on plain VQ's way by the vectors of its codes
 * @param blended longest step where MVQ's two reconstructions are blended by their pixels
 */
record Combining(
    String dataset,
    int tokens,
    long seed,
    String distance,
    double longest,
    double swapped,
    double plain,
    double blended) {
  private static final int PAIRS = 16;
  private static final int STEPS = 9;

  /**
   * Measures both models on the same pairs.
   *
   * @param images held out, at least 32
   * @param name of the distance
   * @param apart how far apart two images look
   */
  static Combining of(
      Trial trial,
      BottleneckAutoencoder mvq,
      BottleneckAutoencoder vq,
      ImageSource images,
      String name,
      BinaryOperator<Tensor> apart)
      throws IOException {
    List<Double> longest = new ArrayList<>();
    List<Double> swapped = new ArrayList<>();
    List<Double> plain = new ArrayList<>();
    List<Double> blended = new ArrayList<>();
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor all = Evaluation.first(images, 2 * PAIRS);
      int pairs = (int) all.size(0) / 2;
      for (int pair = 0; pair < pairs; pair++) {
        Tensor a = all.narrow(0, pair, 1);
        Tensor b = all.narrow(0, pairs + (long) pair, 1);
        Combination ours = new Combination(mvq, a, b);
        longest.add(Smoothness.of(ours.interpolated(STEPS), apart).most());
        blended.add(Smoothness.of(ours.blended(STEPS), apart).most());
        Combination theirs = Combination.ofAny(vq, a, b);
        swapped.add(Smoothness.of(theirs.swapped(STEPS), apart).most());
        plain.add(Smoothness.of(theirs.interpolated(STEPS), apart).most());
      }
    }
    return new Combining(
        trial.dataset(),
        trial.tokens(),
        trial.seed(),
        name,
        mean(longest),
        mean(swapped),
        mean(plain),
        mean(blended));
  }

  private static double mean(List<Double> values) {
    double mean = values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    return Math.round(mean * 1000) / 1000.0;
  }
}
