package io.mvq.prior;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A PixelCNN's logits, position by position. Of each layer it keeps two rows of the vertical
 * stack's input and one position of the horizontal one's: a row is computed when it begins, a
 * position when it comes, so the cost a token does not grow with the map.
 */
final class PixelWalk implements TokenPrior.Walk {
  private final PixelCnn model;
  private final GatedLayer[] layers;
  private final long n;
  private final long columns;
  private final long width;
  private final Tensor tokens; // (n, 1, columns, width), embeddings of the present row
  private final Tensor[] bias; // a layer: (n, 1, 1, 4 * width)
  private final Tensor[] rows; // a layer: (n, 2, columns + 2, width), the row above and this one
  private final Tensor[] linked; // a layer: (n, 1, columns, 2 * width)
  private final Tensor[] left; // a layer: (n, 1, 1, width)
  private int position;

  PixelWalk(PixelCnn model, GatedLayer[] layers, Tensor classRows, long width) {
    this.model = model;
    this.layers = layers;
    this.width = width;
    n = classRows.size(0);
    columns = model.map().width();
    tokens = zeros(1, columns, width);
    bias = new Tensor[layers.length];
    rows = new Tensor[layers.length];
    linked = new Tensor[layers.length];
    left = new Tensor[layers.length];
    for (int i = 0; i < layers.length; i++) {
      bias[i] = layers[i].bias(classRows);
      rows[i] = zeros(2, columns + 2, width);
      linked[i] = zeros(1, columns, 2 * width);
      left[i] = zeros(1, 1, width);
    }
  }

  private Tensor zeros(long height, long length, long floats) {
    return model.table.like().new_zeros(n, height, length, floats);
  }

  @Override
  public Tensor next(Tensor previous) {
    long column = position % columns;
    Tensor x = null;
    if (position > 0) {
      x = model.table.embed(previous, position - 1).view(n, 1, 1, width);
      tokens.narrow(2, (position - 1) % columns, 1).copy_(x);
    }
    if (column == 0) {
      beginRow();
      x = zeros(1, 1, width); // nothing lies to the left
    }
    for (int i = 0; i < layers.length; i++) {
      Tensor both = torch.cat(new TensorVector(left[i], x), 2);
      left[i].copy_(x);
      x = x.add(layers[i].across(both, linked[i].narrow(2, column, 1)));
    }
    return model.table.logits(model.finish(x).view(n, width), position++);
  }

  /** Moves the vertical stack down by a row: its input is the row of tokens just finished. */
  private void beginRow() {
    Tensor x = tokens; // still zeros above the first row
    for (int i = 0; i < layers.length; i++) {
      rows[i].narrow(1, 0, 1).copy_(rows[i].narrow(1, 1, 1));
      rows[i].narrow(1, 1, 1).narrow(2, 1, columns).copy_(x);
      Tensor down = layers[i].down(rows[i], bias[i]);
      linked[i].copy_(layers[i].link(down, bias[i]));
      left[i].zero_();
      x = layers[i].gate(down);
    }
  }
}
