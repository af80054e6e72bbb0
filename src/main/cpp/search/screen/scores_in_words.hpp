// The scores of a screen where byte products come as words of 32 bits (VNNI, NEON's `sdot`), which no sum leaves.
#pragma once
#include "search/screen/tile_scores.hpp"

namespace mvq::MVQ_TIER {
namespace {

/* Words that may be summed in halves: there are no halves. */
template <Kind>
int64_t span_of(const uint8_t*, int64_t) {
  return 0;
}

/* Adds what 4 dimensions of a row and a code, either in lanes, count for the score. */
template <Kind kind>
MVQ_INLINE void add_word(vi& score, const Word& row, const Word& code) {
  if constexpr (kind == Kind::free) add_dot_magnitudes(score, gain_bytes(row, code), code.bytes);
  else add_dot_bytes(score, code.bytes, row.bytes);
}

/* PART codes at a time against all rows: PART * VECTORS sums. A free mask needs more registers beside them. */
template <Kind kind>
constexpr int PART = kind == Kind::free || GROUP < 8 ? 4 : 8;

/* Adds what 4 dimensions of the rows and of PART codes count for their scores; a second half lies `half` words on. */
template <Kind kind>
MVQ_INLINE void add_words(const uint8_t* row, const uint8_t* code, int64_t half, vi score[PART<kind>][VECTORS]) {
  Word z[VECTORS];
#pragma GCC unroll 3
  for (int v = 0; v < VECTORS; ++v) z[v] = word_of_each<kind>(row + v * W * 4, half * TILE * 4);
#if defined(MVQ_SIMD_DOT)  // a vector holds the group, and a product takes the code in one of its lanes
  if constexpr (kind != Kind::free) {
    const vi e = load_int(code);
#pragma GCC unroll 3
    for (int v = 0; v < VECTORS; ++v) {
      add_dot_bytes_of<0>(score[0][v], z[v].bytes, e), add_dot_bytes_of<1>(score[1][v], z[v].bytes, e);
      add_dot_bytes_of<2>(score[2][v], z[v].bytes, e), add_dot_bytes_of<3>(score[3][v], z[v].bytes, e);
    }
    return;
  }
#endif
#pragma GCC unroll 8
  for (int r = 0; r < PART<kind>; ++r) {
    const Word e = word_of_one<kind>(code + 4 * r, half * GROUP * 4);
#pragma GCC unroll 3
    for (int v = 0; v < VECTORS; ++v) add_word<kind>(score[r][v], z[v], e);
  }
}

template <Kind kind, bool NAMED>
MVQ_INLINE void add_scores(const ByteCodes& codes, const ScreenTile& tile, int64_t first, GroupScores<NAMED>& found) {
  vi score[PART<kind>][VECTORS];
#pragma GCC unroll 8
  for (int r = 0; r < PART<kind>; ++r)
#pragma GCC unroll 3
    for (int v = 0; v < VECTORS; ++v) score[r][v] = broadcast_int(codes.bias[first + r]);
  const uint8_t *row = tile.bytes, *code = codes.bytes + first / GROUP * codes.group_bytes() + first % GROUP * 4;
  const int64_t words = words_of<kind>(codes);
#pragma GCC unroll 1
  for (int64_t word = 0; word < words; ++word, row += TILE * 4, code += GROUP * 4)
    add_words<kind>(row, code, words, score);
#pragma GCC unroll 3
  for (int v = 0; v < VECTORS; ++v)
#pragma GCC unroll 8
    for (int r = 0; r < PART<kind>; ++r) {
      const int32_t name = int32_t(GROUP - 1 - first % GROUP) - r;
      found.add(v, NAMED ? score[r][v] * broadcast_int(int32_t(GROUP)) + broadcast_int(name) : score[r][v]);
    }
}

/* The scores of the codes of group g for one row, in lanes. */
template <Kind kind>
MVQ_INLINE vi scores_of(const ByteCodes& codes, const ScreenTile& tile, int64_t g, int64_t row) {
  const uint8_t *code = codes.bytes + g * codes.group_bytes(), *four = tile.bytes + row * 4;
  const vi zero = broadcast_int(0);
  vi sum[4] = {zero, zero, zero, zero};  // short chains
  const int64_t words = words_of<kind>(codes);
  for (int64_t word = 0; word < words; word += 4)
#pragma GCC unroll 4
    for (int64_t j = 0; j < 4; ++j) {
      if (word + j >= words) break;
      add_word<kind>(sum[j], word_of_one<kind>(four + (word + j) * TILE * 4, words * TILE * 4),
                     word_of_each<kind>(code + (word + j) * GROUP * 4, words * GROUP * 4));
    }
  const vi all = load_int(codes.bias + g * GROUP) + ((sum[0] + sum[1]) + (sum[2] + sum[3]));
  return codes.named ? named_scores(all) : all;
}

}  // namespace
}  // namespace mvq::MVQ_TIER
