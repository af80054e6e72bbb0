package io.mvq.data;

import org.bytedeco.pytorch.Tensor;

/**
 * Some images.
 *
 * @param pixels float32 (n, channels, side, side) in [-1, 1]; belongs to the caller's PointerScope,
 *     or is freed by {@link #close}
 * @param labels one an image, -1 for none
 * @param indices one an image, its place in the source
 */
public record Batch(Tensor pixels, long[] labels, int[] indices) implements AutoCloseable {
  @Override
  public void close() {
    pixels.close();
  }
}
