package io.mvq.spark;

import io.mvq.data.Levels;
import io.mvq.data.format.Raster;
import io.mvq.recipe.Data;
import io.mvq.run.Codec;
import io.mvq.tensor.Tensors;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Rows with an image each, in batches of a model's images. A row is read when it comes and its file
 * let go, so that a batch holds scaled pixels alone.
 */
record ImageRows(SharedModel model, ImageColumn image, Columns columns, Compute compute)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** As {@code mvq encode} and {@code mvq evaluate} have it. */
  static final int BATCH = 64;

  /** What is made of a batch. */
  @FunctionalInterface
  interface Compute extends Serializable {
    /**
     * @param images (64, c, side, side)
     * @return the new columns' values for each image, without the error
     */
    List<Object[]> of(Codec codec, Tensor images);
  }

  /** An image as it waits for its batch. @param error why there are no pixels; else null */
  private record Waiting(Object[] keep, float[] pixels, String error) {}

  Iterator<Row> of(Iterator<Row> rows) {
    return new InBatches<>(rows, BATCH, this::read, this::batch);
  }

  private Waiting read(Row row) {
    Object[] keep = columns.keep(row);
    try {
      Data data = data();
      Raster raster = image.read(row).withChannels(data.channels()).fitted(data.side());
      return new Waiting(keep, Levels.of(raster.pixels()), null);
    } catch (InterruptedIOException e) { // the task is to end
      throw new UncheckedIOException(e);
    } catch (IOException e) {
      return new Waiting(keep, null, e.getMessage());
    }
  }

  private Data data() {
    return PerExecutor.of(model).model().recipe().data();
  }

  private List<Row> batch(List<Waiting> waiting) {
    Codec codec = PerExecutor.of(model);
    List<float[]> whole =
        waiting.stream().filter(one -> one.error == null).map(Waiting::pixels).toList();
    Iterator<Object[]> made = compute(codec, whole).iterator();
    List<Row> rows = new ArrayList<>();
    for (Waiting one : waiting) {
      rows.add(
          one.error == null
              ? columns.row(one.keep, made.next())
              : columns.failed(one.keep, one.error));
    }
    return rows;
  }

  /**
   * Always of 64 images, the first one repeated where there are fewer: LibTorch may round otherwise
   * in a batch of another size, and results shall not depend on how rows are partitioned.
   */
  private List<Object[]> compute(Codec codec, List<float[]> pixels) {
    if (pixels.isEmpty()) {
      return List.of();
    }
    Data data = codec.model().recipe().data();
    int length = pixels.get(0).length;
    float[] all = new float[BATCH * length];
    for (int i = 0; i < BATCH; i++) {
      System.arraycopy(pixels.get(i < pixels.size() ? i : 0), 0, all, i * length, length);
    }
    try (PointerScope scope = new PointerScope()) {
      Tensor images = Tensors.of(all, BATCH, data.channels(), data.side(), data.side());
      return compute.of(codec, images).subList(0, pixels.size());
    }
  }
}
