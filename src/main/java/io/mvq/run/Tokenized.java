package io.mvq.run;

import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.data.Batch;
import io.mvq.data.Batches;
import io.mvq.data.ImageSource;
import io.mvq.kernel.MaskBits;
import io.mvq.quantize.CodebookUsage;
import io.mvq.tensor.Ranks;
import io.mvq.tensor.Tensors;
import io.mvq.tensor.Views;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * A set of images as tokens: what a prior learns from.
 *
 * @param tokens (n, t), row major
 * @param labels (n), -1 where an image has no class
 * @param width t
 * @param masks the winners'; {@link Masks#NONE} for a model without masks
 */
public record Tokenized(long[] tokens, long[] labels, int width, Masks masks) {
  private static final int BATCH = 128;

  /**
   * Winners' masks. @param words of all images' masks @param winners an image @param maskWidth C,
   * bits a mask
   */
  public record Masks(long[] words, long winners, long maskWidth) {
    /** Of a model without masks. */
    static final Masks NONE = new Masks(new long[0], 0, 1);

    private static Masks room(TokenAutoencoder model, int images) {
      if (model.winners() == 0) {
        return NONE;
      }
      Masks one = new Masks(new long[0], model.winners(), model.maskWidth());
      long[] words = new long[Math.multiplyExact(images, one.wordsPerImage())];
      return new Masks(words, one.winners(), one.maskWidth());
    }

    int wordsPerImage() {
      return Math.toIntExact(winners * MaskBits.words(maskWidth));
    }
  }

  /** Encodes a set in its order. */
  public static Tokenized of(TokenAutoencoder model, ImageSource images) {
    return of(model, images, Ranks.ALONE);
  }

  /** The same, to the same bits, by ranks that take a batch in turn; all get the whole. */
  static Tokenized of(TokenAutoencoder model, ImageSource images, Ranks ranks) {
    int width = model.codes().length;
    long[] tokens = new long[Math.multiplyExact(images.size(), width)];
    long[] labels = new long[images.size()];
    Masks masks = Masks.room(model, images.size());
    LongUnaryOperator own = n -> n * ranks.count() + ranks.rank();
    try (Batches batches = Batches.inOrder(images, BATCH, 1, own)) {
      while (batches.hasNext()) {
        try (PointerScope scope = new PointerScope()) {
          Batch batch = batches.next();
          int first = batch.indices()[0];
          int count = batch.labels().length;
          var encoding = model.encode(batch.pixels());
          System.arraycopy(
              Tensors.longs(encoding.tokens()), 0, tokens, first * width, count * width);
          int words = masks.wordsPerImage();
          if (words > 0) {
            encoding.masks().words().get(masks.words(), first * words, count * words);
          }
          System.arraycopy(batch.labels(), 0, labels, first, count);
        }
      }
    }
    return new Tokenized(
        joined(ranks, tokens),
        joined(ranks, labels),
        width,
        new Masks(joined(ranks, masks.words()), masks.winners(), masks.maskWidth()));
  }

  /** Of each number one rank knows it and the others have 0. */
  private static long[] joined(Ranks ranks, long[] own) {
    if (ranks.count() == 1 || own.length == 0) {
      return own;
    }
    try (PointerScope scope = new PointerScope()) {
      return Tensors.longs(ranks.sum(Tensors.of(own, own.length)));
    }
  }

  /** So many images at random: equal seeds name equal ones. */
  int[] rows(long seed, int count) {
    return new Random(seed).ints(count, 0, size()).toArray();
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

  /** Winners' masks of the chosen images, (rows * winners, C) float32 zeros and ones. */
  public Tensor masks(int[] rows) {
    int words = masks.wordsPerImage();
    long[] chosen = new long[rows.length * words];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(masks.words(), rows[i] * words, chosen, i * words, words);
    }
    long count = rows.length * masks.winners();
    return Views.unpack(
        Tensors.of(chosen, count, MaskBits.words(masks.maskWidth())), masks.maskWidth());
  }

  /** Classes of the chosen images, (rows) int64. */
  public Tensor labels(int[] rows) {
    return Tensors.of(Arrays.stream(rows).mapToLong(row -> labels[row]).toArray(), rows.length);
  }

  /** How often each code is used, a codebook a token. @param codes to choose from at each */
  public List<CodebookUsage> usage(int[] codes) {
    return IntStream.range(0, width).mapToObj(t -> CodebookUsage.of(column(t), codes[t])).toList();
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
