package io.mvq.quantize;

import io.mvq.kernel.CodebookSums;
import io.mvq.kernel.NearestCode;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import io.mvq.tensor.Views;
import java.lang.ref.Reference;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The kernels on tensors, in place: what codebooks are searched and updated with. Builds no graph.
 */
public final class Search {
  private Search() {}

  /**
   * The nearest code of each row, ties to the lowest.
   *
   * @param rows float32 (..., d), dense
   * @param codes float32 (k, d), dense, on the same device
   * @return int64 (n) on that device, n the product of the leading dimensions; -1 for a row whose
   *     every distance is NaN
   */
  public static Tensor nearest(Tensor rows, Tensor codes) {
    long n = Views.matrix(rows, "rows").rows();
    Shapes.requireTogether(codes, "codes", rows, "rows");
    Tensor index =
        torch.empty(new long[] {n}, Tensors.options(ScalarType.Long, rows.device()), null);
    NearestCode.search(
        Views.matrix(rows, "rows"),
        Views.matrix(codes, "codes"),
        null,
        null,
        Devices.where(rows),
        Views.longs(index, "index"),
        null);
    keepAlive(rows, codes);
    return index;
  }

  /**
   * Rows counted and summed by code.
   *
   * @param counts (k) float32, exact up to 2^24 rows
   * @param sums (k, d) float32
   */
  public record Sums(Tensor counts, Tensor sums) {}

  /** Counts and sums the rows of each code; a row whose index is -1 is left out. */
  public static Sums sums(Tensor rows, Tensor index, long codes) {
    long d = Views.matrix(rows, "rows").width();
    Shapes.requireTogether(index, "index", rows, "rows");
    Tensor counts =
        torch.empty(new long[] {codes}, Tensors.options(ScalarType.Long, rows.device()), null);
    Tensor sums = torch.empty(new long[] {codes, d}, rows.options(), null);
    CodebookSums.sum(
        Views.matrix(rows, "rows"),
        Views.longs(index, "index"),
        codes,
        Devices.where(rows),
        new CodebookSums.Sums(Views.longs(counts, "counts"), Tensors.data(sums)));
    keepAlive(rows, index);
    return new Sums(counts.to(ScalarType.Float), sums);
  }

  /** A view does not own its tensor: this keeps the collector from freeing it under the kernel. */
  private static void keepAlive(Tensor first, Tensor second) {
    Reference.reachabilityFence(first);
    Reference.reachabilityFence(second);
  }
}
