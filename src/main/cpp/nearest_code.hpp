// Nearest code among the allowed ones, all dimensions or those kept by a row mask. One mask for all rows costs nothing:
// the codes or dimensions it drops are left out when packing.
#pragma once
#include "few_rows.hpp"
#include "search.hpp"
#include "tier.hpp"

namespace mvq::MVQ_TIER {
namespace {

struct NearestCodeLayout {
  int32_t* allowed_codes;  // (k), when one mask of allowed codes serves all rows
  int32_t* kept_dims;      // (d), when one row mask serves all rows
  float* codes;            // packed
  Rows rows{};
  int64_t bytes;

  NearestCodeLayout(const mvq_nearest_code_args& args, int threads, void* base) {
    Workspace workspace(base);
    allowed_codes = args.allowed && !args.allowed_stride ? workspace.take<int32_t>(args.k) : nullptr;
    kept_dims = args.row_mask && !args.row_mask_stride ? workspace.take<int32_t>(args.d) : nullptr;
    codes = workspace.take<float>(round_up(args.k, CODES), args.d);
    take_rows(workspace, args.n, args.d, threads, args.row_mask && args.row_mask_stride, rows);
    bytes = workspace.bytes();
  }
};

int64_t workspace_bytes(const mvq_nearest_code_args& args, int threads) {
  if (few_rows(args)) return few_rows_bytes(args);
  return NearestCodeLayout(args, threads, nullptr).bytes;
}

void nearest_code(const mvq_nearest_code_args& args, int threads, void* base) {
  if (few_rows(args)) return search_few_rows(args, threads, base);
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
  pack_all_codes(args.codes, args.codes_stride, layout.allowed_codes, count, rows.dims, rows.d, threads, layout.codes);
  if (args.row_mask && args.row_mask_stride) {
    rows.row_mask = args.row_mask;
    rows.mask_stride = args.row_mask_stride;
    search<Term::row_masked>(rows, layout.codes, count, threads);
  } else {
    search<Term::full>(rows, layout.codes, count, threads);
  }
  for (int64_t i = 0; i < args.n; ++i) {
    const int32_t position = rows.position[i];
    args.index[i] = position < 0 || !layout.allowed_codes ? position : layout.allowed_codes[position];
    if (args.distance) args.distance[i] = position < 0 ? __builtin_inff() : rows.best[i];
  }
}

}  // namespace
}  // namespace mvq::MVQ_TIER
