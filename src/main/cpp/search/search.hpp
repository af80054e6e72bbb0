// Drives the register tile over all rows and a packed list of codes, in blocks of codes that stay in the cache.
#pragma once
#include "abi/threads.hpp"
#include "abi/workspace.hpp"
#include "search/scan.hpp"

namespace mvq::MVQ_TIER {
namespace {

constexpr int64_t BLOCK_BYTES = 256 * 1024;  // packed codes worked on at a time: a part of the second-level cache
constexpr int64_t TILES_A_TASK = 16;         // at most; fewer when threads would go idle

/* The rows of a search and each row's best code so far. */
struct Rows {
  int64_t n, d;  // d: the dimensions in use
  const float* rows;
  int64_t stride;
  const int32_t* ids = nullptr;        // which rows, as positions from `rows`; NULL = 0..n-1
  const int32_t* dims = nullptr;       // which dimensions; NULL = 0..d-1
  const uint64_t* row_mask = nullptr;  // a mask a row, (n, mask_stride words)
  int64_t mask_stride = 0;
  const uint64_t* allowed = nullptr;  // likewise, of codes
  int64_t allowed_stride = 0;
  float* best;           // (n rounded up to TILE)
  int32_t* position;     // likewise
  float* packed;         // (workers, d, TILE)
  int32_t* packed_mask;  // (workers, lane_words(d), TILE); NULL without row_mask
};

/* What is compared: all dimensions, those of the row's mask, those of the best mask,
 * or the code masked by one of a bank. */
enum class Kind { full, row_masked, free, bank };

/* The codes of a search: all of them, or those that ids and dims pick. */
struct CodeList {
  const float* codes;
  int64_t stride;
  const int32_t *ids, *dims;  // NULL = all
  int64_t count, d;

  const float* at(int64_t position) const { return codes + (ids ? ids[position] : position) * stride; }
};

/* Workspace of the above for n rows of d floats. */
void take_rows(Workspace& workspace, int64_t n, int64_t d, int threads, bool row_masked, Rows& rows) {
  rows.best = workspace.take<float>(round_up(n, TILE));
  rows.position = workspace.take<int32_t>(round_up(n, TILE));
  rows.packed = workspace.take<float>(threads, d, TILE);
  rows.packed_mask = row_masked ? workspace.take<int32_t>(threads, lane_words(d), TILE) : nullptr;
}

MVQ_INLINE int64_t tiles_a_task(int64_t n, int threads) {
  return larger(1, smaller(TILES_A_TASK, round_up(n, TILE) / TILE / (4 * threads)));
}

/* Packs the rows from first_row on, at most TILE, into the worker's part of the workspace. */
RowTile pack_tile(const Rows& rows, int64_t first_row, int worker) {
  const int64_t count = smaller(TILE, rows.n - first_row);
  RowTile tile{count,
               rows.packed + worker * rows.d * TILE,
               nullptr,
               nullptr,
               rows.allowed_stride,
               rows.best + first_row,
               rows.position + first_row};
  const bool listed = rows.ids != nullptr;
  pack_rows(rows.rows + (listed ? 0 : first_row * rows.stride), rows.stride, listed ? rows.ids + first_row : nullptr,
            count, rows.dims, rows.d, rows.packed + worker * rows.d * TILE);
  if (rows.allowed) tile.allowed = rows.allowed + first_row * rows.allowed_stride;
  if (rows.row_mask) {
    int32_t* packed_mask = rows.packed_mask + worker * lane_words(rows.d) * TILE;
    pack_masks(rows.row_mask + (listed ? 0 : first_row * rows.mask_stride), rows.mask_stride,
               listed ? rows.ids + first_row : nullptr, count, rows.d, packed_mask);
    tile.row_mask = packed_mask;
  }
  return tile;
}

void forget_best(const Rows& rows, int64_t first_row, int64_t end_row) {
  for (int64_t i = first_row; i < round_up(end_row, TILE); ++i) {
    rows.best[i] = __builtin_nanf("");
    rows.position[i] = -1;
  }
}

/* Packs `count` codes into groups for the tile, in parallel. */
void pack_all_codes(const float* codes, int64_t stride, const int32_t* ids, int64_t count, const int32_t* dims,
                    int64_t d, int threads, float* packed) {
  constexpr int64_t CODES_A_TASK = 32 * CODES;
  for_each_task(worthwhile(threads, 4.0 * count * d), round_up(count, CODES_A_TASK) / CODES_A_TASK,
                [&](int64_t task, int) {
                  const int64_t first = task * CODES_A_TASK;
                  pack_groups(codes, stride, ids, first, smaller(count, first + CODES_A_TASK), count, dims, d,
                              packed + first * d);
                });
}

/* Each row's best of `count` packed codes, (groups, d, CODES). */
template <Term term>
void search(const Rows& rows, const float* codes, int64_t count, int threads) {
  const int64_t block = larger(1, BLOCK_BYTES / int64_t(sizeof(float)) / larger(1, rows.d * CODES)) * CODES;
  threads = worthwhile(threads, 2.0 * rows.n * count * rows.d);
  const int64_t step = tiles_a_task(rows.n, threads) * TILE;  // rows a task
  for_each_task(threads, round_up(rows.n, step) / step, [&](int64_t task, int worker) {
    const int64_t begin = task * step, end = smaller(rows.n, begin + step);
    forget_best(rows, begin, end);
    for (int64_t first = 0; first < count; first += block)
      for (int64_t row = begin; row < end; row += TILE)
        scan<term>(pack_tile(rows, row, worker),
                   {codes + first * rows.d, rows.d, first, smaller(count, first + block)});
  });
}

}  // namespace
}  // namespace mvq::MVQ_TIER
