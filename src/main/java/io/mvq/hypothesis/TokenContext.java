package io.mvq.hypothesis;

import io.mvq.tensor.Devices;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** What an image's tokens, base and secondary, say about its masks: (n, t) to (n, width). */
final class TokenContext extends Module {
  private final int[] codes;
  private final long width;
  private final Tensor embeddings; // (all positions' codes, width)
  private final Tensor shifts; // (t), where a position's codes begin
  private final LinearImpl in;
  private final LinearImpl out;

  TokenContext(int[] codes, long width) {
    super("TokenContext");
    this.codes = codes.clone();
    this.width = width;
    long[] begins = new long[codes.length];
    long all = 0;
    for (int i = 0; i < codes.length; i++) {
      if (codes[i] < 1) {
        throw new IllegalArgumentException(
            "codes must be at least 1 at each position, got " + Arrays.toString(codes));
      }
      begins[i] = all;
      all += codes[i];
    }
    shifts = Tensors.of(begins, codes.length);
    embeddings = torch.randn(all, width);
    register_parameter("embeddings", embeddings, true);
    in = register_module("in", new LinearImpl(codes.length * width, width));
    out = register_module("out", new LinearImpl(width, width));
  }

  /** The device of the masks' network. */
  Tensor like() {
    return embeddings;
  }

  Tensor forward(Tensor tokens) {
    check(tokens);
    Tensor rows = Devices.like(tokens.add(Devices.like(shifts, tokens)), embeddings);
    Tensor joined =
        embeddings.index_select(0, rows.reshape(-1)).view(tokens.size(0), codes.length * width);
    return torch.relu(out.forward(torch.relu(in.forward(joined))));
  }

  private void check(Tensor tokens) {
    Shapes.require(tokens, "tokens", Shapes.ANY, codes.length);
    if (tokens.size(0) < 1 || tokens.scalar_type().intern() != ScalarType.Long) {
      throw new IllegalArgumentException(
          "tokens must be of type Long with at least 1 row, got "
              + tokens.scalar_type().intern()
              + " with "
              + tokens.size(0));
    }
    for (int i = 0; i < codes.length; i++) {
      Tensor column = tokens.select(1, i);
      long least = column.min().item_long();
      long most = column.max().item_long();
      if (least < 0 || most >= codes[i]) {
        throw new IllegalArgumentException(
            String.format(
                "tokens at position %d must be in [0, %d), got %d",
                i, codes[i], least < 0 ? least : most));
      }
    }
  }
}
