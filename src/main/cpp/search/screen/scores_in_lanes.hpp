// The screen by byte dot products in lanes (VNNI).
#pragma once
#include "search/screen/tile_scores.hpp"

namespace mvq::MVQ_TIER {
namespace {

/* PART codes at a time against all rows: PART * VECTORS sums. A free mask needs more registers beside them. */
template <Kind kind>
constexpr int PART = kind == Kind::free ? 4 : 8;

template <Kind kind>
MVQ_INLINE void add_scores(const ByteCodes& codes, const ScreenTile& tile, int64_t first, vi best[VECTORS]) {
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
      best[v] = larger(best[v], kind == Kind::free ? broadcast_int(codes.bias[first + r]) - score[r][v] : score[r][v]);
}

template <Kind kind>
MVQ_NOINLINE void screen_in_lanes(const ByteCodes& codes, const ScreenTile& tile, int64_t groups) {
  BestGroups kept;
  for (int64_t g = 0; g < groups; ++g) {
    vi best[VECTORS];
    for (vi& b : best) b = broadcast_int(INT32_MIN);
    for (int64_t first = 0; first < GROUP; first += PART<kind>) add_scores<kind>(codes, tile, g * GROUP + first, best);
    kept.keep(tile.group_best, g, best);
  }
  kept.save(tile);
}

}  // namespace
}  // namespace mvq::MVQ_TIER
