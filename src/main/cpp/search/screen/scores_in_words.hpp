// The scores of a screen where byte products come as words of 32 bits (VNNI), which no sum leaves.
#pragma once
#include "search/screen/tile_scores.hpp"

namespace mvq::MVQ_TIER {
namespace {

/* Words that may be summed in halves: there are no halves. */
template <Kind>
int64_t span_of(const uint8_t*, int64_t) {
  return 0;
}

/* Adds what 4 dimensions of a row and a code, either in lanes, count for the score; under a free mask it is a loss. */
template <Kind kind>
MVQ_INLINE void add_word(vi& score, vi row, vi code) {
  if constexpr (kind == Kind::free) {
    const vi q = signed_bytes(code);  // the bound on differences does no harm: |row| is at most 127
    const vi t = smaller_bytes(absolute_bytes(difference_bytes(q, row)), absolute_bytes(row));
    add_dot_bytes(score, t, t);
  } else {
    add_dot_bytes(score, code, row);
  }
}

/* PART codes at a time against all rows: PART * VECTORS sums. A free mask needs more registers beside them. */
template <Kind kind>
constexpr int PART = kind == Kind::free ? 4 : 8;

template <Kind kind>
MVQ_INLINE void add_scores(const ByteCodes& codes, const ScreenTile& tile, int64_t first, GroupScores& found) {
  vi score[PART<kind>][VECTORS];
#pragma GCC unroll 8
  for (int r = 0; r < PART<kind>; ++r)
#pragma GCC unroll 3
    for (int v = 0; v < VECTORS; ++v) score[r][v] = broadcast_int(kind == Kind::free ? 0 : codes.bias[first + r]);
  const uint8_t *row = tile.bytes, *code = codes.bytes + first / GROUP * codes.group_bytes() + first % GROUP * 4;
#pragma GCC unroll 1
  for (int64_t word = 0; word < codes.used_words; ++word, row += TILE * 4, code += GROUP * 4) {
    vi z[VECTORS];
#pragma GCC unroll 3
    for (int v = 0; v < VECTORS; ++v) z[v] = load_int(row + v * W * 4);
#pragma GCC unroll 8
    for (int r = 0; r < PART<kind>; ++r) {
      const vi e = broadcast_word(code + 4 * r);
#pragma GCC unroll 3
      for (int v = 0; v < VECTORS; ++v) add_word<kind>(score[r][v], z[v], e);
    }
  }
#pragma GCC unroll 3
  for (int v = 0; v < VECTORS; ++v)
#pragma GCC unroll 8
    for (int r = 0; r < PART<kind>; ++r)
      found.add(v, kind == Kind::free ? broadcast_int(codes.bias[first + r]) - score[r][v] : score[r][v]);
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
