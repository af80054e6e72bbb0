// What a screen works on and keeps: scores of all codes against TILE rows in byte dot products,
// of which the best of each group is kept.
#pragma once
#include "search/screen/byte_codes.hpp"

namespace mvq::MVQ_TIER {
namespace {

/* A tile of rows in bytes and what the screen found for it. */
struct ScreenTile {
  uint8_t* bytes;       // (words, TILE, 4), signed
  int32_t* group_best;  // (groups, TILE): the best score in each group
  int32_t* best;        // (TILE): the best of those
  int32_t* best_group;  // (TILE): where
};

/* The best group so far, in registers while a block of codes is screened. */
struct BestGroups {
  vi score[VECTORS], group[VECTORS];

  BestGroups() {
    for (int v = 0; v < VECTORS; ++v) score[v] = broadcast_int(INT32_MIN), group[v] = broadcast_int(0);
  }
  void save(const ScreenTile& tile) const {
    for (int v = 0; v < VECTORS; ++v)
      store_int(tile.best + v * W, score[v]), store_int(tile.best_group + v * W, group[v]);
  }
  __attribute__((always_inline)) void keep(int32_t* group_best, int64_t g, const vi found[VECTORS]) {
#pragma GCC unroll 3
    for (int v = 0; v < VECTORS; ++v) {
      store_int(group_best + g * TILE + v * W, found[v]);
      const lanes wins = less(score[v], found[v]);
      score[v] = larger(score[v], found[v]);
      group[v] = select(wins, broadcast_int(int32_t(g)), group[v]);
    }
  }
};

MVQ_INLINE vi broadcast_word(const uint8_t* at) {
  int32_t four;
  __builtin_memcpy(&four, at, 4);
  return broadcast_int(four);
}

/* Adds what 4 dimensions of a row and a code, either in lanes, count for the score; under a free mask it is a loss. */
template <Kind kind>
MVQ_INLINE void add_word(vi& score, vi row, vi code) {
  if constexpr (kind == Kind::free) {
    const vi q = code ^ broadcast_int(int32_t(FLIP));  // the bound on differences does no harm: |row| is at most 127
    const vi t = smaller_bytes(absolute_bytes(difference_bytes(q, row)), absolute_bytes(row));
    add_dot_bytes(score, t, t);
  } else {
    add_dot_bytes(score, code, row);
  }
}

/* The scores of the codes of group g for one row, in lanes. */
template <Kind kind>
MVQ_INLINE vi scores_of(const ByteCodes& codes, const ScreenTile& tile, int64_t g, int64_t row) {
  const uint8_t* code = codes.bytes + g * codes.group_bytes();
  const vi zero = broadcast_int(0);
  vi sum[4] = {zero, zero, zero, zero};  // short chains
  for (int64_t word = 0; word < codes.used_words; word += 4)
#pragma GCC unroll 4
    for (int64_t j = 0; j < 4; ++j) {
      if (word + j >= codes.used_words) break;
      add_word<kind>(sum[j], broadcast_word(tile.bytes + ((word + j) * TILE + row) * 4),
                     load_int(code + (word + j) * GROUP * 4));
    }
  const vi all = (sum[0] + sum[1]) + (sum[2] + sum[3]), bias = load_int(codes.bias + g * GROUP);
  return kind == Kind::free ? bias - all : bias + all;
}

}  // namespace
}  // namespace mvq::MVQ_TIER
