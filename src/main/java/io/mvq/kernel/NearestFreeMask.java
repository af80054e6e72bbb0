package io.mvq.kernel;

import static io.mvq.kernel.binding.MvqNative.mvq_nearest_free_mask;
import static io.mvq.kernel.binding.MvqNative.mvq_nearest_free_mask_workspace_bytes;

import io.mvq.kernel.binding.mvq_nearest_free_mask_args;
import io.mvq.kernel.binding.mvq_where;
import org.bytedeco.javacpp.Pointer;

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
    Checks.sameWidth(rows, codes);
    Assignment assignment = Assignment.allocate(rows.rows());
    MaskBits masks = MaskBits.allocate(rows.rows(), rows.width());
    mvq_where place = Native.where(where);
    try (mvq_nearest_free_mask_args args = new mvq_nearest_free_mask_args()) {
      args.n(rows.rows()).k(codes.rows()).d(rows.width()).kept(kept);
      args.rows(rows.data()).rows_stride(rows.stride());
      args.codes(codes.data()).codes_stride(codes.stride());
      args.index(assignment.index()).mask(masks.words()).distance(assignment.distance());
      long bytes = mvq_nearest_free_mask_workspace_bytes(args, place);
      Pointer workspace = Native.workspace(bytes);
      int status = mvq_nearest_free_mask(args, place, workspace, bytes);
      Native.finish(status, rows, codes, assignment, masks);
    }
    return new Found(assignment, masks);
  }
}
