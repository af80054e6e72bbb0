package io.mvq.kernel;

import static io.mvq.kernel.binding.MvqNative.mvq_codebook_sums;
import static io.mvq.kernel.binding.MvqNative.mvq_codebook_sums_workspace_bytes;

import io.mvq.kernel.binding.mvq_codebook_sums_args;
import io.mvq.kernel.binding.mvq_where;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;

/** Rows counted and summed by their code, for EMA updates: the same bits for any thread count. */
public final class CodebookSums {
  private static final ThreadLocal<mvq_codebook_sums_args> ARGS =
      Native.perThread(mvq_codebook_sums_args::new);

  private CodebookSums() {}

  /**
   * What each code received.
   *
   * @param counts (k) rows assigned
   * @param sums (k, d) their sum, 0 for unused codes
   */
  public record Sums(LongPointer counts, FloatPointer sums) {}

  /**
   * Counts and sums.
   *
   * @param rows (n, d)
   * @param index (n) code of each row, 0..k-1; -1 leaves the row out
   * @param codes k
   */
  public static Sums sum(FloatMatrix rows, LongPointer index, long codes, Where where) {
    Native.requireHostResults(where);
    if (codes < 1) {
      throw new IllegalArgumentException("codes must be at least 1, got " + codes);
    }
    Sums sums =
        new Sums(new LongPointer(codes), new FloatPointer(Math.multiplyExact(codes, rows.width())));
    sum(rows, index, codes, where, sums);
    return sums;
  }

  /** As {@link #sum(FloatMatrix, LongPointer, long, Where)}, into the caller's memory. */
  public static void sum(FloatMatrix rows, LongPointer index, long codes, Where where, Sums into) {
    Native.requireCapacity(index, rows.rows(), "index");
    Native.requireCapacity(into.counts(), codes, "counts");
    Native.requireCapacity(into.sums(), Math.multiplyExact(codes, rows.width()), "sums");
    mvq_where place = Native.where(where);
    mvq_codebook_sums_args args = ARGS.get();
    args.n(rows.rows()).k(codes).d(rows.width());
    args.rows(rows.data()).rows_stride(rows.stride()).index(index);
    args.counts(into.counts()).sums(into.sums());
    long bytes = mvq_codebook_sums_workspace_bytes(args, place);
    int status =
        Native.run(where, bytes, workspace -> mvq_codebook_sums(args, place, workspace, bytes));
    Native.finish(status, rows, index, into);
  }
}
