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
  public record Sums(LongPointer counts, FloatPointer sums) {
    public Sums {
      Operands.own(Checks.given(counts, "counts"));
      Operands.own(Checks.given(sums, "sums"));
    }
  }

  /**
   * Counts and sums.
   *
   * @param rows (n, d)
   * @param index (n) code of each row, 0..k-1; -1 leaves the row out
   * @param codes k
   */
  public static Sums sum(FloatMatrix rows, LongPointer index, long codes, Where where) {
    Native.requireHostResults(where);
    Checks.given(rows, "rows");
    Checks.atLeast("codes", codes, 1);
    long elements = Checks.product(codes, rows.width(), "codes * width");
    Sums sums = new Sums(Memory.longs(codes, "counts"), Memory.floats(elements, "sums"));
    sum(rows, index, codes, where, sums);
    return sums;
  }

  /** As {@link #sum(FloatMatrix, LongPointer, long, Where)}, into the caller's memory. */
  public static void sum(FloatMatrix rows, LongPointer index, long codes, Where where, Sums into) {
    Checks.given(rows, "rows");
    Checks.given(into, "into");
    Checks.atLeast("codes", codes, 1);
    long elements = Checks.product(codes, rows.width(), "codes * width");
    mvq_where place = Native.where(where);
    mvq_codebook_sums_args args = ARGS.get();
    try (Operands operands = new Operands()) {
      args.n(rows.rows()).k(codes).d(rows.width());
      args.rows(operands.of(rows, "rows")).rows_stride(rows.stride());
      args.index(operands.hold(index, rows.rows(), "index"));
      args.counts(operands.owned(into.counts(), codes, "counts"));
      args.sums(operands.owned(into.sums(), elements, "sums"));
      long bytes = mvq_codebook_sums_workspace_bytes(args, place);
      Native.run(where, bytes, workspace -> mvq_codebook_sums(args, place, workspace, bytes));
      Native.keep(rows, index, into);
    }
  }
}
