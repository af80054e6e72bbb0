package io.mvq.run;

import io.mvq.data.Batches;
import io.mvq.metric.FeatureMoments;
import io.mvq.metric.Fidelity;
import io.mvq.metric.FrechetDistance;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Quality of reconstructions.
 *
 * @param frechet distance to the images, on one network's features
 * @param fidelity pixel by pixel
 */
public record Reconstructed(double frechet, Fidelity fidelity) {
  /** With the winners' masks and with random ones; the same for a model without masks. */
  record Pair(Reconstructed winner, Reconstructed randomMask) {}

  /**
   * Reconstructs each image once by each mask; a pair for each network.
   *
   * @param real the same images as each network sees them
   * @param similarity whether SSIM is wanted too
   * @param seed of the random masks
   */
  static List<Pair> of(
      TrainedModel.Reconstructor reconstructor,
      List<RealFeatures> real,
      boolean similarity,
      long seed) {
    try (Tally winner = new Tally(real, similarity);
        Tally random = new Tally(real, similarity);
        Batches batches = RealFeatures.batches(real.get(0).images())) {
      long done = 0;
      while (batches.hasNext()) {
        try (PointerScope scope = new PointerScope()) {
          Tensor pixels = batches.next().pixels();
          TrainedModel.Reconstructor.Both made = reconstructor.of(pixels, seed + done);
          winner.add(pixels, made.winner());
          if (reconstructor.masked()) {
            random.add(pixels, made.randomMask());
          }
          done += pixels.size(0);
        }
      }
      List<Pair> pairs = new ArrayList<>();
      for (int i = 0; i < real.size(); i++) {
        Reconstructed plain = winner.total(i);
        pairs.add(new Pair(plain, reconstructor.masked() ? random.total(i) : plain));
      }
      return pairs;
    }
  }

  /** What reconstructions add up to, batch by batch. */
  private static final class Tally implements AutoCloseable {
    private final List<RealFeatures> real;
    private final List<FeatureMoments> moments;
    private final Fidelity.Sum fidelity;

    Tally(List<RealFeatures> real, boolean similarity) {
      this.real = real;
      moments = real.stream().map(one -> new FeatureMoments(one.network().width())).toList();
      fidelity = new Fidelity.Sum(similarity);
    }

    void add(Tensor pixels, Tensor decoded) {
      for (int i = 0; i < real.size(); i++) {
        moments.get(i).add(real.get(i).network().features(decoded));
      }
      fidelity.add(pixels, decoded);
    }

    Reconstructed total(int network) {
      try (FeatureMoments truth = real.get(network).moments()) {
        double frechet = FrechetDistance.between(truth, moments.get(network));
        return new Reconstructed(frechet, fidelity.mean());
      }
    }

    @Override
    public void close() {
      moments.forEach(FeatureMoments::close);
    }
  }
}
