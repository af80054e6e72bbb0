package io.mvq.metric;

import org.bytedeco.pytorch.Tensor;

/**
 * How near reconstructions are to their images, pixel by pixel. No feature network takes part: it
 * is measured once, whatever networks are asked besides.
 *
 * @param psnr mean over images, in dB
 * @param ssim mean over images, at most 1; null where it was not asked for, as it takes longer
 * @param images how many
 */
public record Fidelity(double psnr, Double ssim, long images) {

  /** A mean over batches, the last of which may be smaller. */
  public static final class Sum {
    private final boolean similarity;
    private double psnr;
    private double ssim;
    private long images;

    /**
     * @param similarity whether SSIM is wanted too
     */
    public Sum(boolean similarity) {
      this.similarity = similarity;
    }

    /**
     * Adds a batch.
     *
     * @param originals (n, c, h, w) in [-1, 1], n at least 1
     * @param reconstructions of the same shape
     */
    public void add(Tensor originals, Tensor reconstructions) {
      long n = originals.size(0);
      psnr += n * Psnr.mean(originals, reconstructions);
      ssim += similarity ? n * Ssim.mean(originals, reconstructions) : 0;
      images += n;
    }

    /** The means so far; there must have been an image. */
    public Fidelity mean() {
      if (images == 0) {
        throw new IllegalStateException("no images were added");
      }
      return new Fidelity(psnr / images, similarity ? ssim / images : null, images);
    }
  }
}
