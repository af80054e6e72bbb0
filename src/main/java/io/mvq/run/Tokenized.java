package io.mvq.run;

import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.data.Batch;
import io.mvq.data.Batches;
import io.mvq.data.ImageSource;
import io.mvq.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * A set of images as tokens: what a prior learns from.
 *
 * @param tokens (n, t), row major
 * @param labels (n), -1 where an image has no class
 * @param width t
 */
public record Tokenized(long[] tokens, long[] labels, int width) {
  private static final int BATCH = 128;

  /** Encodes a set in its order. */
  public static Tokenized of(TokenAutoencoder model, ImageSource images) {
    int width = model.codes().length;
    long[] tokens = new long[Math.multiplyExact(images.size(), width)];
    long[] labels = new long[images.size()];
    int done = 0;
    try (Batches batches = Batches.inOrder(images, BATCH, 1)) {
      while (batches.hasNext()) {
        try (PointerScope scope = new PointerScope()) {
          Batch batch = batches.next();
          long[] some = Tensors.longs(model.encode(batch.pixels()).tokens());
          System.arraycopy(some, 0, tokens, done * width, some.length);
          System.arraycopy(batch.labels(), 0, labels, done, batch.labels().length);
          done += batch.labels().length;
        }
      }
    }
    return new Tokenized(Arrays.copyOf(tokens, done * width), Arrays.copyOf(labels, done), width);
  }

  /** Number of images. */
  public int size() {
    return labels.length;
  }

  /** Tokens of the chosen images, (rows, t) int64. */
  public Tensor tokens(int[] rows) {
    long[] chosen = new long[rows.length * width];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(tokens, rows[i] * width, chosen, i * width, width);
    }
    return Tensors.of(chosen, rows.length, width);
  }

  /** Classes of the chosen images, (rows) int64. */
  public Tensor labels(int[] rows) {
    return Tensors.of(Arrays.stream(rows).mapToLong(row -> labels[row]).toArray(), rows.length);
  }

  /** The indices that token {@code position} took. */
  public long[] column(int position) {
    long[] column = new long[size()];
    for (int i = 0; i < column.length; i++) {
      column[i] = tokens[i * width + position];
    }
    return column;
  }
}
