// Nearest code by a screen in bytes and exact distances of what survives it. The winner is the float32 search's, bit for bit.
//
// With q_z, q_e the bytes of a row and a code, s * |q_z - q_e| differs from |z - e| by at most the lengths of the two rests.
// So once some code is known to lie at distance r, only codes with s * |q_z - q_e| <= r + both rests can be as near.
#pragma once
#include "pair_distances.hpp"
#include "search.hpp"
#if defined(MVQ_SIMD_AMX)
#include "screen_amx.hpp"
#else
#include "screen_lanes.hpp"
#endif

namespace mvq::MVQ_TIER {
namespace {

#if !defined(MVQ_SIMD_AMX)
struct TileRegisters {
  TileRegisters() {}
};
#endif

constexpr int64_t SCREEN_MOST_DIMENSIONS = 1024;       // |q|^2 is exact in float32 up to there
constexpr int64_t SCREEN_TILES = 8;                    // of rows a task, at most
constexpr int64_t GROUP_BEST_BYTES = 512 * 1024;       // of a task: a part of the second-level cache
constexpr int64_t SCREEN_BLOCK_BYTES = 256 * 1024;     // codes worked on at a time, likewise

struct ScreenedSearch {
  CodeList list;
  ByteCodes codes;
  int64_t tiles;        // of rows a task
  uint8_t* bytes;       // (workers, tiles, words, TILE, 4)
  int32_t* group_best;  // (workers, tiles, groups, TILE)
  int32_t* failed;      // (n): rows that the screen does not help
  int64_t* counts;      // rows screened, rows failed; changed by all workers
};

ScreenedSearch take_screened_search(Workspace& workspace, int64_t n, int64_t k, int64_t d, int threads) {
  ScreenedSearch search{};
  search.codes = take_byte_codes(workspace, k, d);
  search.tiles = larger(1, smaller(SCREEN_TILES, GROUP_BEST_BYTES / (search.codes.groups * TILE * 4)));
  search.tiles = larger(1, smaller(search.tiles, n / TILE / (2 * threads)));
  search.bytes = workspace.take<uint8_t>(threads * search.tiles, search.codes.words, TILE * 4);
  search.group_best = workspace.take<int32_t>(threads * search.tiles, search.codes.groups, TILE);
  search.failed = workspace.take<int32_t>(n);
  search.counts = workspace.take<int64_t>(2);
  return search;
}

/* A tile of rows on its way through the screen. */
struct ScreenedTile {
  ScreenTile tile;
  int64_t first_row, count;
  alignas(64) float norm[TILE], rest[TILE];
  alignas(64) int32_t best[TILE], best_group[TILE], threshold[TILE], first_code[TILE], budget[TILE];
};

/* Pairs of a row of the tile and a group or a code, appended a vector at a time without a branch on how many there are. */
class PairList {
 public:
  bool has_room() const { return size_ + W <= CAPACITY; }
  int64_t size() const { return size_; }
  int32_t row(int64_t i) const { return row_[i]; }
  int32_t other(int64_t i) const { return other_[i]; }
  void clear() { size_ = 0; }

  __attribute__((always_inline)) void append(lanes which, vi row, vi other) {
    store_int(row_ + size_, true_lanes_first(which, row));
    store_int(other_ + size_, true_lanes_first(which, other));
    size_ += count(which);
  }

 private:
  static constexpr int64_t CAPACITY = 1024;
  int64_t size_ = 0;
  int32_t row_[CAPACITY], other_[CAPACITY];
};

/* Takes the exact distances of listed codes into each row's best. */
void measure(const Rows& rows, const CodeList& list, int64_t first_row, PairList& pairs) {
  for (int64_t begin = 0; begin < pairs.size(); begin += W) {
    const int64_t real = smaller(W, pairs.size() - begin);
    Pair pair[W];
    for (int64_t lane = 0; lane < W; ++lane) {
      const int64_t i = begin + smaller(lane, real - 1);
      pair[lane] = {rows.rows + (first_row + pairs.row(i)) * rows.stride, list.at(pairs.other(i))};
    }
    float distance[W];
    store(distance, pair_distances(pair, list.dims, list.d));
    for (int64_t lane = 0; lane < real; ++lane) {
      float& best = rows.best[first_row + pairs.row(begin + lane)];
      int32_t &position = rows.position[first_row + pairs.row(begin + lane)], code = pairs.other(begin + lane);
      const bool first = position < 0 && distance[lane] == distance[lane];
      if (first || comes_before(distance[lane], code, best, position)) best = distance[lane], position = code;
    }
  }
  pairs.clear();
}

void quantise_tile(const Rows& rows, const ScreenedSearch& search, int worker, ScreenedTile& tile) {
  float* packed = rows.packed + worker * rows.d * TILE;
  pack_rows(rows.rows + tile.first_row * rows.stride, rows.stride, nullptr, tile.count, rows.dims, rows.d, packed);
  const int64_t width = vectors_for(tile.count) * W;
  for (int v = 0; v < VECTORS; ++v) {
    const int64_t from = smaller(v * W, width - W);  // where there are fewer rows the last vector is repeated
    const ByteLanes made = quantise(packed, width, from, rows.d, search.codes.scale, 0x80808080u,
                                    const_cast<uint8_t*>(tile.tile.bytes) + v * W * 4, TILE);
    store(tile.norm + v * W, made.norm);
    store(tile.rest + v * W, made.rest);
    store_int(tile.best + v * W, broadcast_int(INT32_MIN));
  }
}

/* The least score with which a code can still be as near as the best one known; all of it rounded downwards. */
void set_thresholds(const Rows& rows, const ScreenedSearch& search, ScreenedTile& tile) {
  const vf one = broadcast(1), half = broadcast(0.5f);
  for (int v = 0; v < VECTORS; ++v) {
    const vf rest = load(tile.rest + v * W) + broadcast(search.codes.rest), norm = load(tile.norm + v * W);
    const vf rounded = broadcast(1 + 0x1p-11f);  // the float32 distances' own error: (d + 2) 2^-24 and some
    const vf reach = (square_root(load(rows.best + tile.first_row + v * W) * rounded) + rest) / broadcast(search.codes.scale.step);
    const vf within = fma(reach, reach, one);  // |q_z - q_e|^2 of those codes, and 1 as scores are rounded
    const vf slack = fma(norm + within, broadcast(0x1p-18f), one + one);  // the roundings of these lines
    const vf least = fma(norm - within, half, broadcast(0) - slack);
    const lanes good = less(absolute(least), broadcast(0x1p30f));
    store_int(tile.threshold + v * W, select(good, round_to_int(least), broadcast_int(INT32_MIN)));
  }
}

MVQ_INLINE void fail_row(const ScreenedSearch& search, ScreenedTile& tile, int64_t row) {
  tile.threshold[row] = INT32_MAX;
  search.failed[__atomic_fetch_add(search.counts + 1, 1, __ATOMIC_RELAXED)] = int32_t(tile.first_row + row);
}

/* The code with the best score, at its exact distance, is each row's first. */
void measure_best(const Rows& rows, const ScreenedSearch& search, ScreenedTile& tile, PairList& codes) {
  for (int64_t row = 0; row < tile.count; ++row) {
    const int32_t g = tile.best_group[row];
    const vi scores = scores_of(search.codes, tile.tile, g, row);
    tile.first_code[row] = int32_t(g * GROUP + first_of(equal(scores, broadcast_int(tile.best[row]))));
    codes.append(1, broadcast_int(int32_t(row)), broadcast_int(tile.first_code[row]));
  }
  measure(rows, search.list, tile.first_row, codes);
}

/* Measures the codes of listed groups that reach their row's threshold. */
void measure_groups(const Rows& rows, const ScreenedSearch& search, ScreenedTile& tile, PairList& groups, PairList& codes) {
  for (int64_t i = 0; i < groups.size(); ++i) {
    const int32_t row = groups.row(i), first = groups.other(i) * int32_t(GROUP);
    if (tile.threshold[row] == INT32_MAX) continue;
    const vi position = broadcast_int(first) + lane_numbers();
    const vi scores = scores_of(search.codes, tile.tile, groups.other(i), row);
    const lanes near = not_less(scores, broadcast_int(tile.threshold[row])),
                again = equal(position, broadcast_int(tile.first_code[row]));
    codes.append(lanes(near & ~again), broadcast_int(row), position);
    tile.budget[row] -= 1 + count(near);
    if (tile.budget[row] < 0) fail_row(search, tile, row);
    if (!codes.has_room()) measure(rows, search.list, tile.first_row, codes);
  }
  groups.clear();
}

void measure_survivors(const Rows& rows, const ScreenedSearch& search, ScreenedTile& tile, PairList& groups,
                       PairList& codes) {
  for (int64_t g = 0; g < search.codes.groups; ++g) {
    const int32_t* best = tile.tile.group_best + g * TILE;
    for (int v = 0; v < VECTORS; ++v)
      groups.append(not_less(load_int(best + v * W), load_int(tile.threshold + v * W)),
                    lane_numbers() + broadcast_int(v * W), broadcast_int(int32_t(g)));
    if (groups.size() > 256) measure_groups(rows, search, tile, groups, codes);
  }
  measure_groups(rows, search, tile, groups, codes);
  measure(rows, search.list, tile.first_row, codes);
}

void screen_task(const Rows& rows, const ScreenedSearch& search, int64_t begin, int64_t end, int worker) {
  ScreenedTile tiles[SCREEN_TILES];
  int count = 0;
  for (int64_t row = begin; row < end; row += TILE, ++count) {
    ScreenedTile& tile = tiles[count];
    const int64_t place = worker * search.tiles + count;
    tile.tile = {search.bytes + place * search.codes.words * TILE * 4, search.group_best + place * search.codes.groups * TILE,
                 tile.best, tile.best_group};
    tile.first_row = row;
    tile.count = smaller(TILE, end - row);
    quantise_tile(rows, search, worker, tile);
  }
  const int64_t block = larger(1, SCREEN_BLOCK_BYTES / (search.codes.words * GROUP * 4));
  {
    const TileRegisters registers;
    for (int64_t g = 0; g < search.codes.groups; g += block)
      for (int i = 0; i < count; ++i) screen(search.codes, tiles[i].tile, g, smaller(search.codes.groups, g + block));
  }
  PairList groups, codes;
  for (int i = 0; i < count; ++i) {
    ScreenedTile& tile = tiles[i];
    measure_best(rows, search, tile, codes);
    set_thresholds(rows, search, tile);
    for (int64_t row = 0; row < TILE; ++row) {
      tile.budget[row] = int32_t(4 + search.list.count / 12);  // what costs about half of a search without a screen
      if (row >= tile.count)
        tile.threshold[row] = INT32_MAX;
      else if (tile.threshold[row] == INT32_MIN)
        fail_row(search, tile, row);
    }
    measure_survivors(rows, search, tile, groups, codes);
  }
}

/* Finds the nearest code of each row, but for search.failed[0 .. the result - 1]. */
int64_t search_screened(const Rows& rows, const ScreenedSearch& search, int threads) {
  search.counts[0] = search.counts[1] = 0;
  threads = worthwhile(threads, 0.5 * rows.n * search.list.count * rows.d);
  const int64_t step = search.tiles * TILE;
  for_each_task(threads, round_up(rows.n, step) / step, [&](int64_t task, int worker) {
    const int64_t begin = task * step, end = smaller(rows.n, begin + step);
    forget_best(rows, begin, end);
    // Where the screen mostly fails it is tried on every eighth task only.
    const int64_t screened = __atomic_fetch_add(search.counts, 0, __ATOMIC_RELAXED);
    const int64_t failed = __atomic_fetch_add(search.counts + 1, 0, __ATOMIC_RELAXED);
    if (task % 8 != 0 && failed * 4 > screened + 4 * TILE) {
      const int64_t place = __atomic_fetch_add(search.counts + 1, end - begin, __ATOMIC_RELAXED);
      for (int64_t row = begin; row < end; ++row) search.failed[place + row - begin] = int32_t(row);
      return;
    }
    screen_task(rows, search, begin, end, worker);
    __atomic_fetch_add(search.counts, end - begin, __ATOMIC_RELAXED);
  });
  return search.counts[1];
}

}  // namespace
}  // namespace mvq::MVQ_TIER
