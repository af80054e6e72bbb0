// Nearest code for some rows, too few to pay for packing all codes as the search of many rows does (search.hpp): the
// roles of rows and codes are exchanged. A tile of codes is transposed, a lane a code, and all rows are held against it
// while it is in the first-level cache. The sums are the promised ones, (e - z)^2 being (z - e)^2,
// so that nothing is summed again.
#pragma once
#include "abi/tier.hpp"
#include "search/search.hpp"

namespace mvq::MVQ_TIER {
namespace {

/* From one full tile of rows on, the search of many rows fills its lanes too; codes of fewer dimensions than a vector
 * would be transposed number by number. Measured. */
MVQ_INLINE bool codes_in_lanes(const mvq_nearest_code_args& args) {
  return !args.allowed && !args.row_mask && args.n > 0 && args.n <= TILE && args.k >= W && args.d >= W && W > 1;
}

/* Workspace of a search with codes in lanes. */
struct LanedCodes {
  int64_t rows;        // n rounded up to CODES
  float* packed_rows;  // (rows / CODES, d, CODES)
  float* codes;        // (workers, d, TILE)
  float* best;         // (workers, rows, W): each lane's
  int32_t* position;   // (workers, rows, W)
  int64_t bytes;

  LanedCodes(const mvq_nearest_code_args& args, int threads, void* base) {
    Workspace workspace(base);
    rows = round_up(args.n, CODES);
    packed_rows = workspace.take<float>(rows, args.d);
    codes = workspace.take<float>(threads, args.d, TILE);
    best = workspace.take<float>(threads, rows, W);
    position = workspace.take<int32_t>(threads, rows, W);
    bytes = workspace.bytes();
  }
};

/* Holds all rows against a tile of codes (d, V * W), the first of which is number `first`. */
template <int V>
MVQ_NOINLINE void offer_tile(const LanedCodes& room, int64_t d, const float* tile, int64_t first, float* best,
                             int32_t* position) {
  const float* rows = room.packed_rows;
  for (int64_t row = 0; row < room.rows; row += CODES) {
    vf distance[CODES][V];
#pragma GCC unroll 8
    for (int r = 0; r < CODES; ++r)
#pragma GCC unroll 3
      for (int v = 0; v < V; ++v) distance[r][v] = broadcast(0);
    const float* codes = tile;
#pragma GCC unroll 1
    for (int64_t i = 0; i < d; ++i, codes += V * W, rows += CODES) {
      vf e[V];
      const lanes all[V] = {};
#pragma GCC unroll 3
      for (int v = 0; v < V; ++v) e[v] = load(codes + v * W);
      add_dimension<Term::full, V>(e, all, rows, distance);
    }
#pragma GCC unroll 8
    for (int r = 0; r < CODES; ++r) {
      vf old = load(best + (row + r) * W);
      vi where = load_int(position + (row + r) * W);
#pragma GCC unroll 3
      for (int v = 0; v < V; ++v) {
        const lanes wins = both(not_at_least(distance[r][v], old), is_number(distance[r][v]));
        old = select(wins, distance[r][v], old);
        where = select(wins, broadcast_int(int32_t(first) + v * W), where);  // of its lane 0
      }
      store(best + (row + r) * W, old);
      store_int(position + (row + r) * W, where);
    }
  }
}

/* The best of all lanes of all workers: the nearest, of equally near ones the first. */
void best_of_lanes(const LanedCodes& room, int threads, const mvq_nearest_code_args& args, int64_t row) {
  float least = __builtin_inff();
  int64_t index = -1;
  for (int64_t worker = 0; worker < threads; ++worker)
    for (int64_t lane = 0, at = (worker * room.rows + row) * W; lane < W; ++lane, ++at) {
      if (room.position[at] < 0) continue;
      const int64_t code = room.position[at] + lane;
      if (index < 0 || comes_before(room.best[at], code, least, index)) least = room.best[at], index = code;
    }
  args.index[row] = index;
  if (args.distance) args.distance[row] = least;
}

void search_codes_in_lanes(const mvq_nearest_code_args& args, int threads, void* base) {
  const LanedCodes room(args, threads, base);
  pack_groups(args.rows, args.rows_stride, nullptr, 0, args.n, args.n, nullptr, args.d, room.packed_rows);
  threads = worthwhile(threads, 2.0 * args.n * args.k * args.d);
  for (int64_t i = 0; i < threads * room.rows * W; ++i) room.best[i] = __builtin_nanf(""), room.position[i] = -1;
  for_each_task(threads, round_up(args.k, TILE) / TILE, [&](int64_t task, int worker) {
    const int64_t first = task * TILE, count = smaller(TILE, args.k - first);  // past the end the last code is repeated
    float *tile = room.codes + worker * args.d * TILE, *best = room.best + worker * room.rows * W;
    int32_t* position = room.position + worker * room.rows * W;
    pack_rows(args.codes + first * args.codes_stride, args.codes_stride, nullptr, count, nullptr, args.d, tile);
    switch (vectors_for(count)) {
      case 1: return offer_tile<1>(room, args.d, tile, first, best, position);
      case 2: return offer_tile<2>(room, args.d, tile, first, best, position);
      default: return offer_tile<VECTORS>(room, args.d, tile, first, best, position);
    }
  });
  for (int64_t row = 0; row < args.n; ++row) best_of_lanes(room, threads, args, row);
}

}  // namespace
}  // namespace mvq::MVQ_TIER
