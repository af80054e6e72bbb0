package io.mvq.kernel;

import static io.mvq.kernel.binding.MvqNative.mvq_nearest_code;
import static io.mvq.kernel.binding.MvqNative.mvq_nearest_code_workspace_bytes;

import io.mvq.kernel.binding.mvq_nearest_code_args;
import io.mvq.kernel.binding.mvq_where;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;

/**
 * Exact nearest code: argmin over k of {@code sum_d r_d (z_d - e_kd)^2} among the allowed codes;
 * ties to the lowest.
 */
public final class NearestCode {
  private static final ThreadLocal<mvq_nearest_code_args> ARGS =
      Native.perThread(mvq_nearest_code_args::new);

  private NearestCode() {}

  /** The nearest of all codes, over all dimensions, on the CPU. */
  public static Assignment search(FloatMatrix rows, FloatMatrix codes) {
    return search(rows, codes, null, null, Where.CPU);
  }

  /**
   * The nearest allowed code over the kept dimensions.
   *
   * @param rows (n, d)
   * @param codes (k, d)
   * @param allowed allowed codes, k bits, one mask for all rows or one a row; null for all
   * @param rowMask kept dimensions, d bits, one mask for all rows or one a row; null for all
   */
  public static Assignment search(
      FloatMatrix rows, FloatMatrix codes, MaskBits allowed, MaskBits rowMask, Where where) {
    Native.requireHostResults(where);
    Checks.searchable(rows, codes);
    Assignment found = Assignment.allocate(rows.rows());
    search(rows, codes, allowed, rowMask, where, found.index(), found.distance());
    return found;
  }

  /**
   * As {@link #search(FloatMatrix, FloatMatrix, MaskBits, MaskBits, Where)}, into the caller's
   * memory; distance may be null.
   */
  public static void search(
      FloatMatrix rows,
      FloatMatrix codes,
      MaskBits allowed,
      MaskBits rowMask,
      Where where,
      LongPointer index,
      FloatPointer distance) {
    Checks.searchable(rows, codes);
    Checks.masksForRows(allowed, "allowed codes", rows.rows(), codes.rows());
    Checks.masksForRows(rowMask, "row mask", rows.rows(), rows.width());
    if (Native.isPlain(where)) {
      PlainNearestCode.search(rows, codes, allowed, rowMask, index, distance);
      return;
    }
    mvq_where place = Native.where(where);
    mvq_nearest_code_args args = ARGS.get();
    try (Operands operands = new Operands()) {
      args.n(rows.rows()).k(codes.rows()).d(rows.width());
      args.rows(operands.of(rows, "rows")).rows_stride(rows.stride());
      args.codes(operands.of(codes, "codes")).codes_stride(codes.stride());
      args.allowed(allowed == null ? null : operands.of(allowed, "allowed codes"));
      args.allowed_stride(Checks.stride(allowed));
      args.row_mask(rowMask == null ? null : operands.of(rowMask, "row mask"));
      args.row_mask_stride(Checks.stride(rowMask));
      args.index(operands.hold(index, rows.rows(), "index"));
      args.distance(operands.optional(distance, rows.rows(), "distance"));
      long bytes = mvq_nearest_code_workspace_bytes(args, place);
      Native.run(where, bytes, workspace -> mvq_nearest_code(args, place, workspace, bytes));
      Native.keep(rows, codes, allowed, rowMask, index, distance);
    }
  }
}
