// Searches by a screen in bytes and exact distances of what survives it: the winners are the float32 search's,
// bit for bit.
//
// With q_z, q_e the bytes of a row and a code, s * |q_z - q_e| differs from |z - e| by at most the lengths of the two
// rests, under any mask. So once some code is known to lie at distance r, only codes with s * |q_z - q_e| <= r + both
// rests can be as near. The free mask that suits z and e best also does for the bytes,
// whose own best one can only be nearer.
#pragma once
#include "search/screen/pair_list.hpp"
#include "search/screen/scores_in_lanes.hpp"
#include "search/screen/screened_tile.hpp"
#include "simd/tile_registers.hpp"
#if defined(MVQ_SIMD_AMX)
#include "search/screen/scores_in_amx.hpp"
#endif

namespace mvq::MVQ_TIER {
namespace {

template <Kind kind>
class ScreenedSearch {
 public:
  /* masks: (n or m, stride words) of the rows or the bank, for these kinds. */
  ScreenedSearch(const Rows& rows, const CodeList& list, const uint64_t* masks, int64_t stride, int64_t m,
                 const Screen& screen)
      : rows_(rows), list_(list), masks_(masks), stride_(stride), m_(m), screen_(screen) {}

  /* Finds the nearest code of each row, but for screen.failed[0 .. the result - 1]. -1: there is no scale,
   * nothing is done. */
  int64_t run(int threads) {
    screen_.counts[0] = screen_.counts[1] = 0;
    if (list_.count == 0 || !quantise_codes(list_, rows_, kind, threads, screen_.centre, screen_.codes)) return -1;
    if (kind == Kind::bank) expand_bank(masks_, m_, rows_.d, screen_.codes.words, screen_.bank);
    constexpr int BESIDE = 16;  // what a code costs beside its products, in dimensions
    threads = worthwhile(threads, 0.5 * rows_.n * list_.count * m_ * (rows_.d + BESIDE));
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
    for (int64_t begin = 0; begin < pairs.size(); begin += 2 * W) {
      const int64_t real = smaller(2 * W, pairs.size() - begin), used = real > W ? 2 * W : W;
      Pair some[2 * W];
      for (int64_t lane = 0; lane < used; ++lane) {
        const int64_t i = begin + smaller(lane, real - 1);
        some[lane] = pair(first_row + pairs.row(i), pairs.other(i));
      }
      float distance[2 * W];
      if (used > W) pair_distances<kind, 2>(some, list_.dims, list_.d, distance);
      else pair_distances<kind, 1>(some, list_.dims, list_.d, distance);
      for (int64_t lane = 0; lane < real; ++lane) {
        float& best = rows_.best[first_row + pairs.row(begin + lane)];
        int32_t &position = rows_.position[first_row + pairs.row(begin + lane)], code = pairs.other(begin + lane);
        const bool first = position < 0 && distance[lane] == distance[lane];
        if (first || comes_before(distance[lane], code, best, position)) best = distance[lane], position = code;
      }
    }
    pairs.clear();
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
      const int32_t place =
          codes.named ? place_in_group(tile.best[row])
                      : first_of(equal(scores_of<kind>(codes, tile.tile, g, row), broadcast_int(tile.best[row])));
      tile.first_code[row] = int32_t(base + g * GROUP + place);
      pairs.append(int32_t(row), tile.first_code[row]);
    }
    if (pairs.size() == 0) return;
    measure(tile.first_row, pairs);
    set_thresholds<kind>(rows_, screen_.codes, tile);
    for (int64_t row = 0; row < tile.count; ++row)
      if (tile.threshold[row] == INT32_MIN) fail_in(tile, row);
  }

  /* Measures the codes of listed groups that reach their row's threshold. */
  void measure_groups(const ByteCodes& codes, int64_t base, ScreenedTile& tile, PairList& groups,
                      PairList& pairs) const {
    for (int64_t i = 0; i < groups.size(); ++i) {
      const int32_t row = groups.row(i), threshold = tile.threshold[row];
      if (threshold == INT32_MAX) continue;
      if (codes.named && tile.tile.group_next[groups.other(i) * TILE + row] < threshold) {  // one code, known by name
        const int32_t place = place_in_group(tile.tile.group_best[groups.other(i) * TILE + row]),
                      code = int32_t(base + groups.other(i) * GROUP + place);
        if (code == tile.first_code[row]) continue;
        pairs.append(row, code);
        if (--tile.budget[row] < 0) fail_in(tile, row);
        if (!pairs.has_room()) measure(tile.first_row, pairs);
        continue;
      }
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

  /* Whether a group may reach a threshold. Where a group is a few codes most do not, and listing nothing costs as much
   * as listing something. */
  static bool worth_listing(const int32_t* best, const int32_t* threshold) {
    if (GROUP >= 8) return true;
    lanes some = not_less(load_int(best), load_int(threshold));
    for (int v = 1; v < VECTORS; ++v)
      some = either(some, not_less(load_int(best + v * W), load_int(threshold + v * W)));
    return any(some);
  }

  void measure_survivors(const ByteCodes& codes, int64_t base, int64_t end, ScreenedTile& tile, PairList& groups,
                         PairList& pairs) const {
    for (int64_t g = 0; g < end; ++g) {
      const int32_t* best = tile.tile.group_best + g * TILE;
      if (!worth_listing(best, tile.threshold)) continue;
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
    if (kind == Kind::bank) make_bank_codes(screen_.codes, list_.count, screen_.bank, m_, first * GROUP, end, codes);
    return codes;
  }

  static void screen(const ByteCodes& codes, const ScreenTile& tile, int64_t groups) {
#if defined(MVQ_SIMD_AMX)
    if (codes.tiles) return screen_in_tiles(codes, tile, groups);
#endif
    if (IN_HALVES || codes.named) screen_in_lanes<kind, true>(codes, tile, groups);
    else screen_in_lanes<kind, IN_HALVES>(codes, tile, groups);
  }

  void screen_rows(int64_t begin, int64_t end, int worker) const {
    ScreenedTile tiles[SCREEN_TILES];
    int used = 0;
    for (int64_t row = begin; row < end; row += TILE, ++used) {
      ScreenedTile& tile = tiles[used];
      tile.tile = {screen_.bytes + (worker * screen_.tiles + used) * screen_.codes.words * TILE * 4,
                   screen_.group_best + worker * screen_.block * TILE,
                   screen_.codes.named ? screen_.group_next + worker * screen_.block * TILE : nullptr,
                   tile.best,
                   tile.best_group,
                   0};
      tile.first_row = row;
      tile.count = smaller(TILE, end - row);
      quantise_tile<kind>(rows_, screen_.codes, list_.count * m_, worker, tile);
      tile.tile.span = span_of<kind>(tile.tile.bytes, words_of<kind>(screen_.codes));
    }
    const TileRegisters registers(screen_.codes.tiles);
    PairList groups, pairs;
    for (int64_t first = 0, here; first * GROUP < list_.count * m_; first += here) {
      const ByteCodes codes = block_at(first, here, worker);
      for (int i = 0; i < used; ++i) {
        screen(codes, tiles[i].tile, here);
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
