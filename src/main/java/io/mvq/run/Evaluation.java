package io.mvq.run;

import io.mvq.data.ImageSource;
import io.mvq.metric.FeatureMoments;
import io.mvq.metric.FrechetDistance;
import io.mvq.quantize.CodebookUsage;
import io.mvq.tensor.Tensors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * What a model is worth, with the three numbers that belong side by side: reconstruction with the
 * winner's mask, which costs bits, with a random mask, which costs none, and generation from the
 * prior. All three are of equally many images, held against real ones of the training set; the
 * reconstructions of held-out images stand beside them.
 *
 * @param winner reconstructions of training images with the winners' masks
 * @param randomMask the same with random masks; equal to winner for a model without masks
 * @param samples images from the prior; null without a prior
 * @param heldOutWinner reconstructions of the held-out images, against those
 * @param heldOutRandomMask the same with random masks
 * @param real Frechet distance of the held-out images to the training images: what even real ones
 *     have
 * @param usage of each token's codebook on the training images
 */
public record Evaluation(
    Reconstructed winner,
    Reconstructed randomMask,
    Generation samples,
    Reconstructed heldOutWinner,
    Reconstructed heldOutRandomMask,
    double real,
    List<CodebookUsage> usage) {
  /**
   * Real images as one network sees them, for any number of models.
   *
   * @param apart Frechet distance of the held-out images to the training images
   */
  public record Real(RealFeatures train, RealFeatures heldOut, double apart) {
    /** Measures how far apart they are. */
    public static Real of(RealFeatures train, RealFeatures heldOut) {
      try (FeatureMoments some = train.moments();
          FeatureMoments others = heldOut.moments()) {
        return new Real(train, heldOut, FrechetDistance.between(some, others));
      }
    }
  }

  /**
   * Measures with each network.
   *
   * @param usage of the codebooks on training images
   * @param real the same images, a pair a network
   * @param seed of random masks and samples
   */
  public static List<Evaluation> of(
      TrainedModel model, List<CodebookUsage> usage, List<Real> real, long seed) {
    TrainedModel.Reconstructor reconstructor = model.reconstructor();
    List<Reconstructed.Pair> training =
        Reconstructed.of(reconstructor, real.stream().map(Real::train).toList(), false, seed);
    List<Reconstructed.Pair> unseen =
        Reconstructed.of(reconstructor, real.stream().map(Real::heldOut).toList(), true, seed);
    Generation.Sampler sampler = model.sampler();
    List<Evaluation> all = new ArrayList<>();
    for (int i = 0; i < real.size(); i++) {
      all.add(
          new Evaluation(
              training.get(i).winner(),
              training.get(i).randomMask(),
              sampler == null ? null : Generation.of(sampler, real.get(i).train(), seed),
              unseen.get(i).winner(),
              unseen.get(i).randomMask(),
              real.get(i).apart(),
              usage));
    }
    return all;
  }

  /** Mean perplexity over the tokens' codebooks. */
  public double perplexity() {
    return usage.stream().mapToDouble(CodebookUsage::perplexity).average().orElse(0);
  }

  /** Share of its codes that were used, of the tokens' codebook that uses fewest. */
  public double codesUsed() {
    return usage.stream().mapToDouble(CodebookUsage::used).min().orElse(0);
  }

  /**
   * Reconstructions of some images, for a picture: rows of images, winner's mask and, with masks, a
   * random one.
   */
  public static Tensor gallery(TrainedModel model, Tensor pixels, long seed) {
    TrainedModel.Reconstructor reconstructor = model.reconstructor();
    TrainedModel.Reconstructor.Both made = reconstructor.of(pixels, seed);
    TensorVector rows = new TensorVector(pixels, made.winner());
    if (reconstructor.masked()) {
      rows.push_back(made.randomMask());
    }
    return torch.cat(rows, 0);
  }

  /** So many images, spread over a set, which is often sorted by kind. */
  public static Tensor first(ImageSource images, int n) throws IOException {
    int count = Math.min(n, images.size());
    float[] pixels = new float[count * images.imageBytes()];
    byte[] bytes = new byte[images.imageBytes()];
    for (int i = 0; i < count; i++) {
      images.read((int) ((long) i * images.size() / count), bytes);
      for (int j = 0; j < bytes.length; j++) {
        pixels[i * bytes.length + j] = (bytes[j] & 255) / 127.5f - 1;
      }
    }
    return Tensors.of(pixels, count, images.channels(), images.side(), images.side());
  }
}
