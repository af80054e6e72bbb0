// Searches by a screen in bytes and exact distances of what survives it: the winners are the float32 search's, bit for bit.
//
// With q_z, q_e the bytes of a row and a code, s * |q_z - q_e| differs from |z - e| by at most the lengths of the two rests,
// under any mask. So once some code is known to lie at distance r, only codes with s * |q_z - q_e| <= r + both rests can be
// as near. The free mask that suits z and e best also does for the bytes, whose own best one can only be nearer.
#pragma once
#include "bank_codes.hpp"
#include "pair_list.hpp"
#include "screen_lanes.hpp"
#include "tile_registers.hpp"
#if defined(MVQ_SIMD_AMX)
#include "screen_amx.hpp"
#endif

namespace mvq::MVQ_TIER {
namespace {

constexpr int64_t SCREEN_MOST_DIMENSIONS = 1024;  // |q|^2 is exact in float32 up to there
constexpr int64_t SCREEN_TILES = 8;               // of rows a task, at most
constexpr int64_t SCREEN_BLOCK_BYTES = 256 * 1024, SCREEN_BLOCK_GROUPS = 512;  // codes at a time: a part of the cache

/* Workspace of a screened search. */
struct Screen {
  int64_t tiles;        // of rows a task
  int64_t block;        // groups of codes at a time
  float* centre;        // (d)
  ByteCodes codes;
  ByteCodes bank_codes;  // of worker 0: a block of virtual codes; the other workers' follow
  uint8_t* bank;         // (m, words, 4)
  uint8_t* bytes;        // (workers, tiles, words, TILE, 4)
  int32_t* group_best;   // (workers, block, TILE)
  int32_t* failed;       // (n): rows that the screen does not help
  int64_t* counts;       // rows screened, rows failed; changed by all workers

  Screen() = default;
  Screen(Workspace& workspace, int64_t n, int64_t k, int64_t d, int64_t m, Kind kind, int threads) {
    centre = workspace.take<float>(d);
    codes = take_byte_codes(workspace, k, d, k * m, kind);
    block = larger(GROUP, smaller(SCREEN_BLOCK_GROUPS, SCREEN_BLOCK_BYTES / codes.group_bytes()));
    tiles = larger(1, smaller(SCREEN_TILES, n / TILE / (2 * threads)));
    if (kind == Kind::bank) {
      bank = workspace.take<uint8_t>(m, 4 * codes.words);
      bank_codes = take_byte_codes(workspace, threads * block * GROUP, d, k * m, kind);
    }
    bytes = workspace.take<uint8_t>(threads * tiles, codes.words, TILE * 4);
    group_best = workspace.take<int32_t>(threads, block, TILE);
    failed = workspace.take<int32_t>(n);
    counts = workspace.take<int64_t>(2);
  }
};

/* A tile of rows on its way through the screen. */
struct ScreenedTile {
  ScreenTile tile;
  int64_t first_row, count;
  alignas(64) float norm[TILE], rest[TILE];
  alignas(64) int32_t offset[TILE], best[TILE], best_group[TILE], threshold[TILE], first_code[TILE], budget[TILE];
};

template <Kind kind>
class ScreenedSearch {
 public:
  /* masks: (n or m, stride words) of the rows or the bank, for these kinds. */
  ScreenedSearch(const Rows& rows, const CodeList& list, const uint64_t* masks, int64_t stride, int64_t m, const Screen& screen)
      : rows_(rows), list_(list), masks_(masks), stride_(stride), m_(m), screen_(screen) {}

  /* Finds the nearest code of each row, but for screen.failed[0 .. the result - 1]. -1: there is no scale, nothing is done. */
  int64_t run(int threads) {
    screen_.counts[0] = screen_.counts[1] = 0;
    if (list_.count == 0 || !quantise_codes(list_, rows_, kind, threads, screen_.centre, screen_.codes)) return -1;
    if (kind == Kind::bank) expand_bank(masks_, m_, rows_.d, screen_.codes.words, screen_.bank);
    threads = worthwhile(threads, 0.5 * rows_.n * list_.count * m_ * rows_.d);
    const int64_t step = screen_.tiles * TILE;
    for_each_task(threads, round_up(rows_.n, step) / step, [&](int64_t task, int worker) {
      const int64_t begin = task * step, end = smaller(rows_.n, begin + step);
      forget_best(rows_, begin, end);
      if (mostly_fails(task)) {
        for (int64_t row = begin; row < end; ++row) fail(row);
        return;
      }
      screen_rows(begin, end, worker);
      __atomic_fetch_add(screen_.counts, end - begin, __ATOMIC_RELAXED);
    });
    return screen_.counts[1];
  }

 private:
  void fail(int64_t row) { screen_.failed[__atomic_fetch_add(screen_.counts + 1, 1, __ATOMIC_RELAXED)] = int32_t(row); }

  /* Whether the task had better not be tried; where the screen mostly fails one in 32 still is. */
  bool mostly_fails(int64_t task) const {
    const int64_t screened = __atomic_load_n(screen_.counts, __ATOMIC_RELAXED);
    const int64_t failed = __atomic_load_n(screen_.counts + 1, __ATOMIC_RELAXED);
    return task % 32 != 0 && failed * 4 > screened + 4 * TILE;
  }

  Pair pair(int64_t row, int32_t position) const {
    const float* z = rows_.rows + row * rows_.stride;
    if (kind == Kind::bank) return {z, list_.at(position / m_), masks_ + position % m_ * stride_};
    return {z, list_.at(position), kind == Kind::row_masked ? masks_ + row * stride_ : nullptr};
  }

  /* Takes the exact distances of listed codes into each row's best. */
  void measure(int64_t first_row, PairList& pairs) const {
    for (int64_t begin = 0; begin < pairs.size(); begin += W) {
      const int64_t real = smaller(W, pairs.size() - begin);
      Pair some[W];
      for (int64_t lane = 0; lane < W; ++lane) {
        const int64_t i = begin + smaller(lane, real - 1);
        some[lane] = pair(first_row + pairs.row(i), pairs.other(i));
      }
      float distance[W];
      store(distance, pair_distances<kind>(some, list_.dims, list_.d));
      for (int64_t lane = 0; lane < real; ++lane) {
        float& best = rows_.best[first_row + pairs.row(begin + lane)];
        int32_t &position = rows_.position[first_row + pairs.row(begin + lane)], code = pairs.other(begin + lane);
        const bool first = position < 0 && distance[lane] == distance[lane];
        if (first || comes_before(distance[lane], code, best, position)) best = distance[lane], position = code;
      }
    }
    pairs.clear();
  }

  void quantise_tile(int worker, ScreenedTile& tile) const {
    const RowTile packed = pack_tile(rows_, tile.first_row, worker);
    const int64_t width = vectors_for(tile.count) * W, codes = list_.count * m_;
    const vi budget = broadcast_int(int32_t(smaller(4 + codes / 12, INT32_MAX)));  // costs about half of a search without
    for (int v = 0; v < VECTORS; ++v) {
      const int64_t from = smaller(v * W, width - W);  // where there are fewer rows the last vector is repeated
      uint8_t* bytes = tile.tile.bytes + v * W * 4;
      const ByteLanes made = quantise(packed.rows, width, from, rows_.d, packed.row_mask, screen_.codes.scale, 0,
                                      screen_.codes.words, bytes, TILE);
      if (kind == Kind::row_masked) add_mask(packed.row_mask + from, width, bytes + screen_.codes.half * TILE * 4);
      store(tile.norm + v * W, made.norm);
      store(tile.rest + v * W, made.rest + broadcast(screen_.codes.rest));
      store_int(tile.offset + v * W, made.sum << 7);
      const lanes real = less(lane_numbers() + broadcast_int(v * W), broadcast_int(int32_t(tile.count)));
      store_int(tile.threshold + v * W, select(real, broadcast_int(INT32_MIN), broadcast_int(INT32_MAX)));
      store_int(tile.budget + v * W, budget);
    }
  }

  /* The second half of rows under masks: -32 in each kept dimension. */
  void add_mask(const int32_t* masks, int64_t width, uint8_t* bytes) const {
    for (int64_t word = 0; word < screen_.codes.half; ++word) {
      vi four = broadcast_int(0);
      for (int64_t i = 4 * word; i < smaller(4 * word + 4, rows_.d); ++i)
        four |= select(has_bit(load_int(masks + i / MASK_BITS * width), broadcast_int(1u << i % MASK_BITS)),
                       broadcast_int(0xE0u << (8 * (i % 4))), broadcast_int(0));
      store_int(bytes + 4 * word * TILE, four);
    }
  }

  /* The least score with which a code can still be as near as the best one known; all of it rounded downwards. */
  void set_thresholds(ScreenedTile& tile) const {
    const vf one = broadcast(1);
    for (int v = 0; v < VECTORS; ++v) {
      const vf norm = load(tile.norm + v * W);
      const vf rounded = broadcast(1 + 0x1p-11f);  // the float32 distances' own error: (d + 2) 2^-24 and some
      const vf reach = (root(load(rows_.best + tile.first_row + v * W) * rounded) + load(tile.rest + v * W)) /
                       broadcast(screen_.codes.scale.step);
      const vf within = fma(reach, reach, one);  // |q_z - q_e|^2 of those codes, and 1 as scores are rounded
      const vf slack = fma(norm + within, broadcast(0x1p-18f), one + one);  // the roundings of these lines
      const vf least = kind == Kind::free ? broadcast(0) - within - slack
                                          : (norm - within) * broadcast(0.5f) - slack - broadcast(screen_.codes.square_error);
      const lanes good = less(absolute(least), broadcast(0x1p29f));
      const vi offset = kind == Kind::free ? broadcast_int(0) : load_int(tile.offset + v * W);
      const vi score = round_to_int(select(good, least, broadcast(0))) + offset;
      const vi old = load_int(tile.threshold + v * W);
      store_int(tile.threshold + v * W, select(equal(old, broadcast_int(INT32_MAX)), old, select(good, score, broadcast_int(INT32_MIN))));
    }
    for (int64_t row = 0; row < tile.count; ++row)
      if (tile.threshold[row] == INT32_MIN) fail_in(tile, row);
  }

  void fail_in(ScreenedTile& tile, int64_t row) const {
    tile.threshold[row] = INT32_MAX;
    const_cast<ScreenedSearch*>(this)->fail(tile.first_row + row);
  }

  /* Of rows whose best score reaches the threshold that code is measured first, to lower it. */
  void measure_best(const ByteCodes& codes, int64_t base, ScreenedTile& tile, PairList& pairs) const {
    for (int64_t row = 0; row < tile.count; ++row) {
      tile.first_code[row] = -1;
      if (tile.best[row] < tile.threshold[row] || tile.threshold[row] == INT32_MAX) continue;
      const int32_t g = tile.best_group[row];
      const vi scores = scores_of<kind>(codes, tile.tile, g, row);
      tile.first_code[row] = int32_t(base + g * GROUP + first_of(equal(scores, broadcast_int(tile.best[row]))));
      pairs.append(1, broadcast_int(int32_t(row)), broadcast_int(tile.first_code[row]));
    }
    if (pairs.size() == 0) return;
    measure(tile.first_row, pairs);
    set_thresholds(tile);
  }

  /* Measures the codes of listed groups that reach their row's threshold. */
  void measure_groups(const ByteCodes& codes, int64_t base, ScreenedTile& tile, PairList& groups, PairList& pairs) const {
    for (int64_t i = 0; i < groups.size(); ++i) {
      const int32_t row = groups.row(i), threshold = tile.threshold[row];
      if (threshold == INT32_MAX) continue;
      const vi position = broadcast_int(int32_t(base + groups.other(i) * GROUP)) + lane_numbers();
      const lanes near = not_less(scores_of<kind>(codes, tile.tile, groups.other(i), row), broadcast_int(threshold)),
                  again = equal(position, broadcast_int(tile.first_code[row]));
      pairs.append(lanes(near & ~again), broadcast_int(row), position);
      tile.budget[row] -= 1 + count(near);
      if (tile.budget[row] < 0) fail_in(tile, row);
      if (!pairs.has_room()) measure(tile.first_row, pairs);
    }
    groups.clear();
  }

  void measure_survivors(const ByteCodes& codes, int64_t base, int64_t end, ScreenedTile& tile, PairList& groups,
                         PairList& pairs) const {
    for (int64_t g = 0; g < end; ++g) {
      const int32_t* best = tile.tile.group_best + g * TILE;
      for (int v = 0; v < VECTORS; ++v)
        groups.append(not_less(load_int(best + v * W), load_int(tile.threshold + v * W)),
                      lane_numbers() + broadcast_int(v * W), broadcast_int(int32_t(g)));
      if (groups.size() > PairList::CAPACITY / 2) measure_groups(codes, base, tile, groups, pairs);
    }
    measure_groups(codes, base, tile, groups, pairs);
    measure(tile.first_row, pairs);
  }

  /* Groups first.. of all codes, virtual ones made for the purpose; `end` of them. */
  ByteCodes block_at(int64_t first, int64_t& end, int worker) const {
    const int64_t total = round_up(list_.count * m_, GROUP) / GROUP;
    end = smaller(screen_.block, total - first);
    ByteCodes codes = kind == Kind::bank ? screen_.bank_codes : screen_.codes;
    const int64_t skipped = kind == Kind::bank ? worker * screen_.block : first;
    codes.bytes += skipped * codes.group_bytes();
    if (codes.rows) codes.rows += skipped * codes.group_bytes();
    codes.bias += skipped * GROUP;
    if (kind == Kind::bank)
      make_bank_codes(screen_.codes, list_.count, screen_.bank, m_, first * GROUP, end, codes);
    return codes;
  }

  void screen_rows(int64_t begin, int64_t end, int worker) const {
    ScreenedTile tiles[SCREEN_TILES];
    int used = 0;
    for (int64_t row = begin; row < end; row += TILE, ++used) {
      ScreenedTile& tile = tiles[used];
      tile.tile = {screen_.bytes + (worker * screen_.tiles + used) * screen_.codes.words * TILE * 4,
                   screen_.group_best + worker * screen_.block * TILE, tile.best, tile.best_group};
      tile.first_row = row;
      tile.count = smaller(TILE, end - row);
      quantise_tile(worker, tile);
    }
    const TileRegisters registers(screen_.codes.tiles);
    PairList groups, pairs;
    for (int64_t first = 0, here; first * GROUP < list_.count * m_; first += here) {
      const ByteCodes codes = block_at(first, here, worker);
      for (int i = 0; i < used; ++i) {
#if defined(MVQ_SIMD_AMX)
        if (screen_.codes.tiles)
          screen_in_tiles(codes, tiles[i].tile, here);
        else
#endif
          screen_in_lanes<kind>(codes, tiles[i].tile, here);
        measure_best(codes, first * GROUP, tiles[i], pairs);
        measure_survivors(codes, first * GROUP, here, tiles[i], groups, pairs);
      }
    }
  }

  const Rows& rows_;
  const CodeList& list_;
  const uint64_t* masks_;
  int64_t stride_, m_;
  Screen screen_;
};

}  // namespace
}  // namespace mvq::MVQ_TIER
