package io.mvq.kernel;

import static io.mvq.kernel.binding.MvqNative.mvq_nearest_in_bank;
import static io.mvq.kernel.binding.MvqNative.mvq_nearest_in_bank_workspace_bytes;

import io.mvq.kernel.binding.mvq_nearest_in_bank_args;
import io.mvq.kernel.binding.mvq_where;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;

/**
 * Search with a mask bank: argmin over code k and mask m jointly of {@code ||z - b_m * e_k||^2}, a
 * codebook of k * m virtual codes. Ties go to the lowest code, then the lowest mask.
 */
public final class NearestInBank {
  private NearestInBank() {}

  /**
   * The winning code, distance and mask of each row.
   *
   * @param maskIndex (n) mask in the bank; -1 where the code is -1
   */
  public record Found(Assignment assignment, LongPointer maskIndex) {
    /** The mask indices as an array. */
    public long[] maskIndices() {
      return Assignment.longs(maskIndex);
    }
  }

  /**
   * Searches.
   *
   * @param rows (n, d)
   * @param codes (k, d)
   * @param bank (m) masks of d bits
   */
  public static Found search(FloatMatrix rows, FloatMatrix codes, MaskBits bank, Where where) {
    Native.requireHostResults(where);
    Found found = new Found(Assignment.allocate(rows.rows()), new LongPointer(rows.rows()));
    search(rows, codes, bank, where, found);
    return found;
  }

  /**
   * As {@link #search(FloatMatrix, FloatMatrix, MaskBits, Where)}, into the caller's memory; the
   * distance may be null.
   */
  public static void search(
      FloatMatrix rows, FloatMatrix codes, MaskBits bank, Where where, Found into) {
    Checks.sameWidth(rows, codes);
    if (bank.bits() != rows.width()) {
      throw new IllegalArgumentException(
          "mask bank must have " + rows.width() + " bits, got " + bank.bits());
    }
    Assignment assignment = into.assignment();
    Native.requireCapacity(assignment.index(), rows.rows(), "index");
    Native.requireCapacity(into.maskIndex(), rows.rows(), "maskIndex");
    FloatPointer distance = Checks.optional(assignment.distance(), rows.rows(), "distance");
    mvq_where place = Native.where(where);
    try (mvq_nearest_in_bank_args args = new mvq_nearest_in_bank_args()) {
      args.n(rows.rows()).k(codes.rows()).d(rows.width()).m(bank.count());
      args.rows(rows.data()).rows_stride(rows.stride());
      args.codes(codes.data()).codes_stride(codes.stride());
      args.bank(bank.words());
      args.index(assignment.index()).mask_index(into.maskIndex()).distance(distance);
      long bytes = mvq_nearest_in_bank_workspace_bytes(args, place);
      int status =
          Native.run(where, bytes, workspace -> mvq_nearest_in_bank(args, place, workspace, bytes));
      Native.finish(status, rows, codes, bank, into);
    }
  }
}
