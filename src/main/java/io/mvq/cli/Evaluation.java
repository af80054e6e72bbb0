package io.mvq.cli;

import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.data.Batch;
import io.mvq.data.Batches;
import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.kernel.MaskBits;
import io.mvq.metric.FeatureMoments;
import io.mvq.metric.FeatureNetwork;
import io.mvq.metric.FrechetDistance;
import io.mvq.metric.PrecisionRecall;
import io.mvq.metric.Psnr;
import io.mvq.prior.Sampling;
import io.mvq.prior.TokenTransformer;
import io.mvq.quantize.CodebookUsage;
import io.mvq.quantize.Encoding;
import io.mvq.tensor.Tensors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * What a model is worth, with the three numbers that belong side by side: reconstruction with the
 * winner's mask, which costs bits, with a random mask, which costs none, and generation from the
 * prior. All three are of as many images as there are training images, held against those; the
 * reconstructions of the held-out images stand beside them.
 *
 * @param winner reconstructions of the training images with the winners' masks
 * @param randomMask the same with random masks; equal to winner for a model without masks
 * @param samples images from the prior; null without a prior
 * @param heldOutWinner reconstructions of the held-out images, against those
 * @param heldOutRandomMask the same with random masks
 * @param usage of each token's codebook on the training images
 */
record Evaluation(
    Reconstruction winner,
    Reconstruction randomMask,
    Generation samples,
    Reconstruction heldOutWinner,
    Reconstruction heldOutRandomMask,
    List<CodebookUsage> usage) {
  private static final int BATCH = 64;
  private static final int FEWEST = 5;

  /** Fidelity of reconstructions. @param psnr mean, in dB @param images how many */
  record Reconstruction(double frechet, double psnr, long images) {}

  /** Quality of samples. @param images how many, and how many real ones they were held against */
  record Generation(double frechet, double precision, double recall, long images) {}

  /** Measures. @param prior may be null @param seed of random masks and samples */
  static Evaluation of(
      TokenAutoencoder model,
      TokenTransformer prior,
      Dataset data,
      Tokenized train,
      FeatureNetwork features,
      long seed) {
    requireEnough("training", data.train());
    requireEnough("held-out", data.test());
    Reconstructed training = reconstruct(model, data.train(), features, seed);
    Reconstructed heldOut = reconstruct(model, data.test(), features, seed);
    List<CodebookUsage> usage = new ArrayList<>();
    for (int t = 0; t < train.width(); t++) {
      usage.add(CodebookUsage.of(train.column(t), model.codes()[t]));
    }
    Generation samples =
        prior == null ? null : generate(model, prior, data.train(), features, seed);
    return new Evaluation(
        training.winner(),
        training.randomMask(),
        samples,
        heldOut.winner(),
        heldOut.randomMask(),
        usage);
  }

  private static void requireEnough(String which, ImageSource images) {
    if (images.size() < FEWEST) {
      throw new IllegalArgumentException(
          "a comparison of distributions needs at least "
              + FEWEST
              + " "
              + which
              + " images, got "
              + images.size());
    }
  }

  private record Reconstructed(Reconstruction winner, Reconstruction randomMask) {}

  /** What reconstructions add up to, batch by batch. */
  private static final class Tally implements AutoCloseable {
    private final FeatureMoments moments;
    private double psnr;

    Tally(FeatureNetwork features) {
      moments = new FeatureMoments(features.width());
    }

    void add(FeatureNetwork features, Tensor pixels, Tensor decoded) {
      moments.add(features.features(decoded));
      psnr += pixels.size(0) * Psnr.mean(pixels, decoded);
    }

    Reconstruction against(FeatureMoments real) {
      return new Reconstruction(
          FrechetDistance.between(real, moments), psnr / real.count(), real.count());
    }

    @Override
    public void close() {
      moments.close();
    }
  }

  /** Encodes each image once; without masks both reconstructions are the same. */
  private static Reconstructed reconstruct(
      TokenAutoencoder model, ImageSource images, FeatureNetwork features, long seed) {
    boolean masked = model.winners() > 0;
    try (FeatureMoments real = new FeatureMoments(features.width());
        Tally winner = new Tally(features);
        Tally random = new Tally(features);
        Batches batches = Batches.inOrder(images, BATCH, 1)) {
      while (batches.hasNext()) {
        try (PointerScope scope = new PointerScope()) {
          Tensor pixels = batches.next().pixels();
          Encoding encoding = model.encode(pixels);
          Tensor tokens = encoding.tokens();
          winner.add(features, pixels, decode(model, tokens, encoding.masks()));
          if (masked) {
            MaskBits masks = model.randomMasks(pixels.size(0), seed + real.count());
            random.add(features, pixels, decode(model, tokens, masks));
          }
          real.add(features.features(pixels));
        }
      }
      Reconstruction plain = winner.against(real);
      return new Reconstructed(plain, masked ? random.against(real) : plain);
    }
  }

  private static Generation generate(
      TokenAutoencoder model,
      TokenTransformer prior,
      ImageSource images,
      FeatureNetwork features,
      long seed) {
    try (PointerScope outer = new PointerScope();
        FeatureMoments real = new FeatureMoments(features.width());
        FeatureMoments made = new FeatureMoments(features.width());
        Batches batches = Batches.inOrder(images, BATCH, 1)) {
      TensorVector realRows = new TensorVector();
      TensorVector madeRows = new TensorVector();
      for (long batchSeed = seed; batches.hasNext(); batchSeed++) {
        try (PointerScope scope = new PointerScope()) {
          Batch batch = batches.next();
          int n = (int) batch.pixels().size(0);
          Tensor sampled = sample(model, prior, n, batchSeed);
          Tensor realFeatures = features.features(batch.pixels());
          Tensor madeFeatures = features.features(sampled);
          real.add(realFeatures);
          made.add(madeFeatures);
          realRows.push_back(realFeatures);
          madeRows.push_back(madeFeatures);
        }
      }
      PrecisionRecall quality = PrecisionRecall.of(torch.cat(realRows, 0), torch.cat(madeRows, 0));
      return new Generation(
          FrechetDistance.between(real, made), quality.precision(), quality.recall(), made.count());
    }
  }

  /** Decoded on the model's device, for a feature network on the CPU. */
  private static Tensor decode(TokenAutoencoder model, Tensor tokens, MaskBits masks) {
    return model.decode(tokens, masks).cpu();
  }

  /** n images from the prior with masks drawn for them, (n, c, side, side). */
  static Tensor sample(TokenAutoencoder model, TokenTransformer prior, int n, long seed) {
    Tensor tokens = prior.sample(n, null, Sampling.PLAIN, seed);
    return decode(model, tokens, model.drawMasks(tokens, seed));
  }

  /** Mean perplexity over the tokens' codebooks. */
  double perplexity() {
    return usage.stream().mapToDouble(CodebookUsage::perplexity).average().orElse(0);
  }

  /**
   * The winner's mask and plain reconstruction of some images, for a picture: rows of images,
   * winner, random mask.
   */
  static Tensor gallery(TokenAutoencoder model, Tensor pixels, long seed) {
    Encoding encoding = model.encode(pixels);
    TensorVector rows =
        new TensorVector(pixels, decode(model, encoding.tokens(), encoding.masks()));
    if (model.winners() > 0) {
      rows.push_back(decode(model, encoding.tokens(), model.randomMasks(pixels.size(0), seed)));
    }
    return torch.cat(rows, 0);
  }

  /** The first n images of a set. */
  static Tensor first(ImageSource images, int n) throws IOException {
    int count = Math.min(n, images.size());
    float[] pixels = new float[count * images.imageBytes()];
    byte[] bytes = new byte[images.imageBytes()];
    for (int i = 0; i < count; i++) {
      // Spread over the set, which is often sorted by kind.
      images.read((int) ((long) i * images.size() / count), bytes);
      for (int j = 0; j < bytes.length; j++) {
        pixels[i * bytes.length + j] = (bytes[j] & 255) / 127.5f - 1;
      }
    }
    return Tensors.of(pixels, count, images.channels(), images.side(), images.side());
  }
}
