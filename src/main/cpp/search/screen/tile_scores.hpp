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
  int32_t* group_next;  // likewise the second best, where scores are named
  int32_t* best;        // (TILE): the best of those
  int32_t* best_group;  // (TILE): where
  int64_t span;         // words that may be summed in halves, see scores_in_halves.hpp
};

/* The best scores of a group for the rows of a tile, and where scores name their codes the next best too. */
template <bool NAMED>
struct GroupScores {
  vi best[VECTORS], next[NAMED ? VECTORS : 1];

  GroupScores() {
    for (vi& b : best) b = broadcast_int(INT32_MIN);
    for (vi& n : next) n = broadcast_int(INT32_MIN);
  }
  __attribute__((always_inline)) void add(int v, vi score) {
    if constexpr (NAMED) next[v] = larger(next[v], smaller(best[v], score));
    best[v] = larger(best[v], score);
  }
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
  template <bool NAMED>
  __attribute__((always_inline)) void keep(const ScreenTile& tile, int64_t g, const GroupScores<NAMED>& found) {
#pragma GCC unroll 3
    for (int v = 0; v < VECTORS; ++v) {
      store_int(tile.group_best + g * TILE + v * W, found.best[v]);
      if constexpr (NAMED) store_int(tile.group_next + g * TILE + v * W, found.next[v]);
      const lanes wins = less(score[v], found.best[v]);
      score[v] = larger(score[v], found.best[v]);
      group[v] = select(wins, broadcast_int(int32_t(g)), group[v]);
    }
  }
};

/* Which code of its group a named score names. */
MVQ_INLINE int32_t place_in_group(int32_t score) { return int32_t(GROUP) - 1 - (score & int32_t(GROUP - 1)); }

MVQ_INLINE vi broadcast_word(const uint8_t* at) {
  int32_t four;
  __builtin_memcpy(&four, at, 4);
  return broadcast_int(four);
}

/* 4 bytes of each of W vectors or of one, under a free mask with what the second half says, `half` bytes further on. */
template <Kind kind>
MVQ_INLINE Word word_of_each(const uint8_t* at, int64_t half) {
  return {load_int(at), kind == Kind::free ? load_int(at + half) : broadcast_int(0)};
}
template <Kind kind>
MVQ_INLINE Word word_of_one(const uint8_t* at, int64_t half) {
  return {broadcast_word(at), kind == Kind::free ? broadcast_word(at + half) : broadcast_int(0)};
}

/* Words to multiply: under a free mask the second half goes with the first. */
template <Kind kind>
MVQ_INLINE int64_t words_of(const ByteCodes& codes) {
  return kind == Kind::free ? codes.half : codes.used_words;
}

}  // namespace
}  // namespace mvq::MVQ_TIER
