package io.mvq.kernel;

import static io.mvq.kernel.binding.MvqNative.mvq_nearest_in_bank;
import static io.mvq.kernel.binding.MvqNative.mvq_nearest_in_bank_workspace_bytes;

import io.mvq.kernel.binding.mvq_nearest_in_bank_args;
import io.mvq.kernel.binding.mvq_where;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

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
    Checks.sameWidth(rows, codes);
    if (bank.bits() != rows.width()) {
      throw new IllegalArgumentException(
          "mask bank must have " + rows.width() + " bits, got " + bank.bits());
    }
    Assignment assignment = Assignment.allocate(rows.rows());
    LongPointer maskIndex = new LongPointer(rows.rows());
    mvq_where place = Native.where(where);
    try (mvq_nearest_in_bank_args args = new mvq_nearest_in_bank_args()) {
      args.n(rows.rows()).k(codes.rows()).d(rows.width()).m(bank.count());
      args.rows(rows.data()).rows_stride(rows.stride());
      args.codes(codes.data()).codes_stride(codes.stride());
      args.bank(bank.words());
      args.index(assignment.index()).mask_index(maskIndex).distance(assignment.distance());
      long bytes = mvq_nearest_in_bank_workspace_bytes(args, place);
      Pointer workspace = Native.workspace(bytes);
      int status = mvq_nearest_in_bank(args, place, workspace, bytes);
      Native.finish(status, rows, codes, bank, assignment, maskIndex);
    }
    return new Found(assignment, maskIndex);
  }
}
