// Nearest code among the allowed ones, all dimensions or those kept by a row mask. One mask for all rows costs nothing:
// the codes or dimensions it drops are left out when packing.
#pragma once
#include "abi/tier.hpp"
#include "search/codes_in_lanes.hpp"
#include "search/few_rows.hpp"
#include "search/screen/screening.hpp"

namespace mvq::MVQ_TIER {
namespace {

struct NearestCodeLayout {
  bool row_masked;         // by a mask a row
  int32_t* allowed_codes;  // (k), when one mask of allowed codes serves all rows
  int32_t* kept_dims;      // (d), when one row mask serves all rows
  float* codes;            // packed
  Rows rows{};
  Screening screening;
  int64_t bytes;

  NearestCodeLayout(const mvq_nearest_code_args& args, int threads, void* base)
      : NearestCodeLayout(args, threads, Workspace(base)) {}

  Kind kind() const { return row_masked ? Kind::row_masked : Kind::full; }

 private:
  NearestCodeLayout(const mvq_nearest_code_args& args, int threads, Workspace workspace)
      : row_masked(args.row_mask && args.row_mask_stride),
        allowed_codes(args.allowed && !args.allowed_stride ? workspace.take<int32_t>(args.k) : nullptr),
        kept_dims(args.row_mask && !args.row_mask_stride ? workspace.take<int32_t>(args.d) : nullptr),
        codes(workspace.take<float>(round_up(args.k, CODES), args.d)),
        screening(workspace,
                  !(args.allowed && args.allowed_stride) && worth_screening(args.n, args.k, args.d, 1, kind()), args.n,
                  args.k, args.d, 1, kind(), threads) {
    take_rows(workspace, args.n, args.d, threads, row_masked, rows);
    bytes = workspace.bytes();
  }
};

int64_t workspace_bytes(const mvq_nearest_code_args& args, int threads) {
  if (few_rows(args)) return few_rows_bytes(args);
  if (codes_in_lanes(args)) return LanedCodes(args, threads, nullptr).bytes;
  return NearestCodeLayout(args, threads, nullptr).bytes;
}

/* Every row against every code. */
template <Term term>
void search_plain(const CodeList& list, const Rows& rows, int threads, float* packed) {
  pack_all_codes(list.codes, list.stride, list.ids, list.count, list.dims, list.d, threads, packed);
  search<term>(rows, packed, list.count, threads);
}

void nearest_code(const mvq_nearest_code_args& args, int threads, void* base) {
  if (few_rows(args)) return search_few_rows(args, threads, base);
  if (codes_in_lanes(args)) return search_codes_in_lanes(args, threads, base);
  NearestCodeLayout layout(args, threads, base);
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
  const CodeList list{args.codes,
                      args.codes_stride,
                      layout.allowed_codes,
                      rows.dims,
                      layout.allowed_codes ? list_ones(args.allowed, args.k, layout.allowed_codes) : args.k,
                      rows.d};
  if (layout.row_masked) {
    rows.row_mask = args.row_mask;
    rows.mask_stride = args.row_mask_stride;
    search_best<Kind::row_masked>(
        rows, list, args.row_mask, args.row_mask_stride, 1, layout.screening, threads,
        [&](const Rows& some) { search_plain<Term::row_masked>(list, some, threads, layout.codes); });
  } else {
    search_best<Kind::full>(rows, list, nullptr, 0, 1, layout.screening, threads,
                            [&](const Rows& some) { search_plain<Term::full>(list, some, threads, layout.codes); });
  }
  for (int64_t i = 0; i < args.n; ++i) {
    const int32_t position = rows.position[i];
    args.index[i] = position < 0 || !layout.allowed_codes ? position : layout.allowed_codes[position];
    if (args.distance) args.distance[i] = position < 0 ? __builtin_inff() : rows.best[i];
  }
}

}  // namespace
}  // namespace mvq::MVQ_TIER
