// Nearest code under its own best mask: any mask (the smaller term in each dimension) or one with exactly so many ones.
#pragma once
#include "abi/tier.hpp"
#include "search/kept_exactly.hpp"
#include "search/screen/screening.hpp"

namespace mvq::MVQ_TIER {
namespace {

struct NearestFreeMaskLayout {
  float* codes;   // packed; for any mask
  int32_t* keys;  // (workers, d, W); for exactly so many
  Rows rows{};
  Screening screening;
  int64_t bytes;

  NearestFreeMaskLayout(const mvq_nearest_free_mask_args& args, int threads, void* base)
      : NearestFreeMaskLayout(args, threads, Workspace(base)) {}

 private:
  NearestFreeMaskLayout(const mvq_nearest_free_mask_args& args, int threads, Workspace workspace)
      : codes(args.kept < 0 ? workspace.take<float>(round_up(args.k, CODES), args.d) : nullptr),
        keys(args.kept < 0 ? nullptr : workspace.take<int32_t>(threads, args.d, W)),
        screening(workspace, args.kept < 0 && worth_screening(args.n, args.k, args.d, 1, Kind::free), args.n, args.k,
                  args.d, 1, Kind::free, threads) {
    take_rows(workspace, args.n, args.d, threads, false, rows);
    bytes = workspace.bytes();
  }
};

int64_t workspace_bytes(const mvq_nearest_free_mask_args& args, int threads) {
  return NearestFreeMaskLayout(args, threads, nullptr).bytes;
}

/* Kept where the code brings the term down, strictly. */
void free_mask(const float* row, const float* code, int64_t d, uint64_t* mask) {
  int64_t i = 0;
  for (; i + W <= d; i += W) {
    const vf z = load(row + i);
    mask[i / 64] |= uint64_t{bits_of(less(absolute(load(code + i) - z), absolute(z)))} << (i % 64);
  }
  for (; i < d; ++i) mask[i / 64] |= uint64_t{__builtin_fabsf(code[i] - row[i]) < __builtin_fabsf(row[i])} << (i % 64);
}

void search_kept_exactly(const mvq_nearest_free_mask_args& args, const NearestFreeMaskLayout& layout, int threads) {
  const Rows& rows = layout.rows;
  for_each_task(threads, round_up(args.n, TILE) / TILE, [&](int64_t task, int worker) {
    const int64_t first_row = task * TILE;
    forget_best(rows, first_row, smaller(args.n, first_row + TILE));
    const RowTile tile = pack_tile(rows, first_row, worker);
    const int64_t lanes_wide = vectors_for(tile.count) * W;
    for (int64_t code = 0; code < args.k; ++code)
      for (int64_t lane = 0; lane < lanes_wide; lane += W)
        score_code({tile.rows + lane, lanes_wide, args.d, layout.keys + worker * args.d * W},
                   args.codes + code * args.codes_stride, int32_t(code), args.kept, tile.best + lane,
                   tile.position + lane);
  });
}

void write_free_masks(const mvq_nearest_free_mask_args& args, const NearestFreeMaskLayout& layout, int threads) {
  constexpr int64_t ROWS_A_TASK = 64;
  const int64_t words = mask_words(args.d);
  for_each_task(threads, round_up(args.n, ROWS_A_TASK) / ROWS_A_TASK, [&](int64_t task, int worker) {
    for (int64_t i = task * ROWS_A_TASK; i < smaller(args.n, (task + 1) * ROWS_A_TASK); ++i) {
      const int32_t code = layout.rows.position[i];
      uint64_t* mask = args.mask + i * words;
      for (int64_t word = 0; word < words; ++word) mask[word] = 0;
      args.index[i] = code;
      if (args.distance) args.distance[i] = code < 0 ? __builtin_inff() : layout.rows.best[i];
      if (code < 0) continue;
      const float *row = args.rows + i * args.rows_stride, *chosen = args.codes + code * args.codes_stride;
      if (args.kept < 0) free_mask(row, chosen, args.d, mask);
      else
        kept_mask(row, chosen, args.d, args.kept, layout.rows.packed + worker * args.d * TILE,
                  layout.keys + worker * args.d * W, mask);
    }
  });
}

void nearest_free_mask(const mvq_nearest_free_mask_args& args, int threads, void* base) {
  NearestFreeMaskLayout layout(args, threads, base);
  Rows& rows = layout.rows;
  rows.n = args.n;
  rows.d = args.d;
  rows.rows = args.rows;
  rows.stride = args.rows_stride;
  if (args.kept < 0) {
    const CodeList list{args.codes, args.codes_stride, nullptr, nullptr, args.k, args.d};
    search_best<Kind::free>(rows, list, nullptr, 0, 1, layout.screening, threads, [&](const Rows& some) {
      pack_all_codes(args.codes, args.codes_stride, nullptr, args.k, nullptr, args.d, threads, layout.codes);
      search<Term::free>(some, layout.codes, args.k, threads);
    });
  } else {
    constexpr double SLOWER = 30;  // than a plain distance, by the bisection
    search_kept_exactly(args, layout, worthwhile(threads, SLOWER * 2 * args.n * args.k * args.d));
  }
  write_free_masks(args, layout, worthwhile(threads, 4.0 * args.n * args.d));
}

}  // namespace
}  // namespace mvq::MVQ_TIER
