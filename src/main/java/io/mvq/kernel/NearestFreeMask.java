package io.mvq.kernel;

import static io.mvq.kernel.binding.MvqNative.mvq_nearest_free_mask;
import static io.mvq.kernel.binding.MvqNative.mvq_nearest_free_mask_workspace_bytes;

import io.mvq.kernel.binding.mvq_nearest_free_mask_args;
import io.mvq.kernel.binding.mvq_where;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;

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
  public record Found(Assignment assignment, MaskBits masks) {}

  /**
   * Searches.
   *
   * @param rows (n, d)
   * @param codes (k, d)
   * @param kept {@link #ANY}, or exactly how many dimensions a mask keeps, 0..d
   */
  public static Found search(FloatMatrix rows, FloatMatrix codes, long kept, Where where) {
    Native.requireHostResults(where);
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
    Checks.sameWidth(rows, codes);
    Assignment assignment = into.assignment();
    Native.requireCapacity(assignment.index(), rows.rows(), "index");
    LongPointer masks = Checks.words(into.masks(), rows.rows(), rows.width(), "masks");
    FloatPointer distance = Checks.optional(assignment.distance(), rows.rows(), "distance");
    mvq_where place = Native.where(where);
    try (mvq_nearest_free_mask_args args = new mvq_nearest_free_mask_args()) {
      args.n(rows.rows()).k(codes.rows()).d(rows.width()).kept(kept);
      args.rows(rows.data()).rows_stride(rows.stride());
      args.codes(codes.data()).codes_stride(codes.stride());
      args.index(assignment.index()).mask(masks).distance(distance);
      long bytes = mvq_nearest_free_mask_workspace_bytes(args, place);
      int status =
          Native.run(
              where, bytes, workspace -> mvq_nearest_free_mask(args, place, workspace, bytes));
      Native.finish(status, rows, codes, into);
    }
  }
}
