// Nearest code among the allowed ones, all dimensions or those kept by a row mask. One mask for all rows costs nothing:
// the codes or dimensions it drops are left out when packing.
#pragma once
#include "search.hpp"
#include "tier.hpp"
#if defined(MVQ_SIMD_VNNI)
#include "screened_search.hpp"
#endif

namespace mvq::MVQ_TIER {
namespace {

/* Whether a screen is expected to pay: its cost a row and a code hardly grows with d, but there is more to set up. */
bool worth_screening(const mvq_nearest_code_args& args) {
#if defined(MVQ_SIMD_VNNI)
  const bool masks_a_row = args.allowed_stride || args.row_mask_stride;
  return !masks_a_row && args.d <= SCREEN_MOST_DIMENSIONS && args.n >= 2 * TILE && args.k >= 64 && args.k * args.d >= 4096;
#else
  return (void)args, false;
#endif
}

struct NearestCodeLayout {
  int32_t* allowed_codes;  // (k), when one mask of allowed codes serves all rows
  int32_t* kept_dims;      // (d), when one row mask serves all rows
  float* codes;            // packed
  Rows rows{};
  bool screened;
#if defined(MVQ_SIMD_VNNI)
  ScreenedSearch screen{};
  Rows failed{};  // the rows that the screen does not help
#endif
  int64_t bytes;

  NearestCodeLayout(const mvq_nearest_code_args& args, int threads, void* base) : screened(worth_screening(args)) {
    Workspace workspace(base);
    allowed_codes = args.allowed && !args.allowed_stride ? workspace.take<int32_t>(args.k) : nullptr;
    kept_dims = args.row_mask && !args.row_mask_stride ? workspace.take<int32_t>(args.d) : nullptr;
    codes = workspace.take<float>(round_up(args.k, CODES), args.d);
    take_rows(workspace, args.n, args.d, threads, args.row_mask && args.row_mask_stride, rows);
#if defined(MVQ_SIMD_VNNI)
    if (screened) {
      screen = take_screened_search(workspace, args.n, args.k, args.d, threads);
      take_rows(workspace, args.n, args.d, threads, false, failed);
    }
#endif
    bytes = workspace.bytes();
  }
};

int64_t workspace_bytes(const mvq_nearest_code_args& args, int threads) {
  return NearestCodeLayout(args, threads, nullptr).bytes;
}

/* Every row against every code, all dimensions. */
void search_plain(const CodeList& list, const Rows& rows, int threads, float* packed) {
  pack_all_codes(list.codes, list.stride, list.ids, list.count, list.dims, list.d, threads, packed);
  search<Term::full>(rows, packed, list.count, threads);
}

#if defined(MVQ_SIMD_VNNI)
/* The same by way of the screen; false where it cannot be used. */
bool search_by_screen(const CodeList& list, NearestCodeLayout& layout, int threads) {
  const Rows& rows = layout.rows;
  layout.screen.list = list;
  if (!layout.screened || list.count == 0 || !quantise_codes(list, rows, threads, layout.screen.codes)) return false;
  const int64_t failures = search_screened(rows, layout.screen, threads);
  if (failures == 0) return true;
  Rows& failed = layout.failed;
  Rows again = rows;
  again.n = failures, again.ids = layout.screen.failed;
  again.best = failed.best, again.position = failed.position, again.packed = failed.packed;
  search_plain(list, again, threads, layout.codes);
  for (int64_t i = 0; i < failures; ++i) {
    rows.best[again.ids[i]] = again.best[i];
    rows.position[again.ids[i]] = again.position[i];
  }
  return true;
}
#else
bool search_by_screen(const CodeList&, NearestCodeLayout&, int) { return false; }
#endif

void nearest_code(const mvq_nearest_code_args& args, int threads, void* base) {
  NearestCodeLayout layout(args, threads, base);
  const int64_t count = layout.allowed_codes ? list_ones(args.allowed, args.k, layout.allowed_codes) : args.k;
  Rows& rows = layout.rows;
  rows.n = args.n;
  rows.d = layout.kept_dims ? list_ones(args.row_mask, args.d, layout.kept_dims) : args.d;
  rows.rows = args.rows;
  rows.stride = args.rows_stride;
  rows.dims = layout.kept_dims;
  if (args.allowed_stride) {
    rows.allowed = args.allowed;
    rows.allowed_stride = args.allowed_stride;
  }
  const CodeList list{args.codes, args.codes_stride, layout.allowed_codes, rows.dims, count, rows.d};
  if (args.row_mask && args.row_mask_stride) {
    rows.row_mask = args.row_mask;
    rows.mask_stride = args.row_mask_stride;
    pack_all_codes(list.codes, list.stride, list.ids, count, rows.dims, rows.d, threads, layout.codes);
    search<Term::row_masked>(rows, layout.codes, count, threads);
  } else if (!search_by_screen(list, layout, threads)) {
    search_plain(list, rows, threads, layout.codes);
  }
  for (int64_t i = 0; i < args.n; ++i) {
    const int32_t position = rows.position[i];
    args.index[i] = position < 0 || !layout.allowed_codes ? position : layout.allowed_codes[position];
    if (args.distance) args.distance[i] = position < 0 ? __builtin_inff() : rows.best[i];
  }
}

}  // namespace
}  // namespace mvq::MVQ_TIER
