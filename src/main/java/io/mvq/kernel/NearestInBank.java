package io.mvq.kernel;

import static io.mvq.kernel.binding.MvqNative.mvq_nearest_in_bank;
import static io.mvq.kernel.binding.MvqNative.mvq_nearest_in_bank_workspace_bytes;

import io.mvq.kernel.binding.mvq_nearest_in_bank_args;
import io.mvq.kernel.binding.mvq_where;
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
    public Found {
      Checks.given(assignment, "assignment");
      Operands.own(Checks.given(maskIndex, "maskIndex"));
    }

    /** The mask indices as an array. */
    public long[] maskIndices() {
      return Assignment.longs(maskIndex, "maskIndex");
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
    Checks.searchable(rows, codes);
    long n = rows.rows();
    Found found = new Found(Assignment.allocate(n), Memory.longs(n, "maskIndex"));
    search(rows, codes, bank, where, found);
    return found;
  }

  /**
   * As {@link #search(FloatMatrix, FloatMatrix, MaskBits, Where)}, into the caller's memory; the
   * distance may be null.
   */
  public static void search(
      FloatMatrix rows, FloatMatrix codes, MaskBits bank, Where where, Found into) {
    Checks.searchable(rows, codes);
    if (Checks.given(bank, "mask bank").bits() != rows.width()) {
      throw new IllegalArgumentException(
          "mask bank must have " + rows.width() + " bits, got " + bank.bits());
    }
    Assignment assignment = Checks.given(into, "into").assignment();
    mvq_where place = Native.where(where);
    try (Operands operands = new Operands();
        mvq_nearest_in_bank_args args = new mvq_nearest_in_bank_args()) {
      args.n(rows.rows()).k(codes.rows()).d(rows.width()).m(bank.count());
      args.rows(operands.of(rows, "rows")).rows_stride(rows.stride());
      args.codes(operands.of(codes, "codes")).codes_stride(codes.stride());
      args.bank(operands.of(bank, "mask bank"));
      args.index(operands.owned(assignment.index(), rows.rows(), "index"));
      args.mask_index(operands.owned(into.maskIndex(), rows.rows(), "maskIndex"));
      args.distance(operands.ownedOrNull(assignment.distance(), rows.rows(), "distance"));
      long bytes = mvq_nearest_in_bank_workspace_bytes(args, place);
      Native.run(where, bytes, workspace -> mvq_nearest_in_bank(args, place, workspace, bytes));
      Native.keep(rows, codes, bank, into);
    }
  }
}
