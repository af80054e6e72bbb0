package io.mvq.kernel;

import static io.mvq.kernel.binding.MvqNative.mvq_nearest_free_mask;
import static io.mvq.kernel.binding.MvqNative.mvq_nearest_free_mask_workspace_bytes;

import io.mvq.kernel.binding.mvq_nearest_free_mask_args;
import io.mvq.kernel.binding.mvq_where;

/**
 * Search over every mask: argmin over code k and all 2^d masks m of {@code ||z - m * e_k||^2},
 * separable as {@code sum_d min((z_d - e_kd)^2, z_d^2)}; or over the masks that keep exactly so
 * many dimensions.
 */
public final class NearestFreeMask {
  /** Any number of kept dimensions. */
  public static final long ANY = -1;

  private NearestFreeMask() {}

  /**
   * The winning code, distance and mask of each row.
   *
   * @param masks (n) masks of d bits; empty where the code is -1
   */
  public record Found(Assignment assignment, MaskBits masks) {
    public Found {
      Checks.given(assignment, "assignment");
      Checks.given(masks, "masks");
    }
  }

  /**
   * Searches.
   *
   * @param rows (n, d)
   * @param codes (k, d)
   * @param kept {@link #ANY}, or exactly how many dimensions a mask keeps, 0..d
   */
  public static Found search(FloatMatrix rows, FloatMatrix codes, long kept, Where where) {
    Native.requireHostResults(where);
    Checks.searchable(rows, codes);
    Found found =
        new Found(Assignment.allocate(rows.rows()), MaskBits.allocate(rows.rows(), rows.width()));
    search(rows, codes, kept, where, found);
    return found;
  }

  /**
   * As {@link #search(FloatMatrix, FloatMatrix, long, Where)}, into the caller's memory; the
   * distance may be null.
   */
  public static void search(
      FloatMatrix rows, FloatMatrix codes, long kept, Where where, Found into) {
    Checks.searchable(rows, codes);
    Assignment assignment = Checks.given(into, "into").assignment();
    Checks.masks(into.masks(), rows.rows(), rows.width(), "masks");
    mvq_where place = Native.where(where);
    try (Operands operands = new Operands();
        mvq_nearest_free_mask_args args = new mvq_nearest_free_mask_args()) {
      args.n(rows.rows()).k(codes.rows()).d(rows.width()).kept(kept);
      args.rows(operands.of(rows, "rows")).rows_stride(rows.stride());
      args.codes(operands.of(codes, "codes")).codes_stride(codes.stride());
      args.index(operands.owned(assignment.index(), rows.rows(), "index"));
      args.mask(operands.of(into.masks(), "masks"));
      args.distance(operands.ownedOrNull(assignment.distance(), rows.rows(), "distance"));
      long bytes = mvq_nearest_free_mask_workspace_bytes(args, place);
      Native.run(where, bytes, workspace -> mvq_nearest_free_mask(args, place, workspace, bytes));
      Native.keep(rows, codes, into);
    }
  }
}
