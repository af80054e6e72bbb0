package io.mvq.prior;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Keys and values of the positions already seen, so that one more token costs one position, not
 * all. Shapes (n, heads, positions, floats a head), a pair a layer.
 */
final class KeyValueCache {
  private final Tensor[] keys;
  private final Tensor[] values;
  private long length;

  KeyValueCache(int layers, long n, int heads, int positions, int headWidth, Tensor like) {
    keys = new Tensor[layers];
    values = new Tensor[layers];
    TensorOptions options = like.options();
    for (int layer = 0; layer < layers; layer++) {
      keys[layer] = torch.empty(new long[] {n, heads, positions, headWidth}, options, null);
      values[layer] = torch.empty(new long[] {n, heads, positions, headWidth}, options, null);
    }
  }

  /** Positions that all layers have seen. */
  int length() {
    return (int) length;
  }

  /** Stores the present position's key of a layer; returns those seen so far, this included. */
  Tensor addKey(int layer, Tensor key) {
    return add(keys[layer], key);
  }

  /** Stores the present position's value of a layer; returns those seen so far, this included. */
  Tensor addValue(int layer, Tensor value) {
    return add(values[layer], value);
  }

  /** Moves on to the next position. */
  void advance() {
    length++;
  }

  private Tensor add(Tensor store, Tensor entry) {
    store.narrow(2, length, 1).copy_(entry);
    return store.narrow(2, 0, length + 1);
  }
}
