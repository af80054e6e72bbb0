// The screen by byte dot products in lanes (VNNI).
#pragma once
#include "screen_tile.hpp"

namespace mvq::MVQ_TIER {
namespace {

constexpr int HALF = GROUP / 2;  // codes at a time: HALF * VECTORS accumulators fill the registers

MVQ_INLINE void add_scores(const ByteCodes& codes, const ScreenTile& tile, int64_t first, vi best[VECTORS]) {
  vi score[HALF][VECTORS];
#pragma GCC unroll 8
  for (int r = 0; r < HALF; ++r)
#pragma GCC unroll 3
    for (int v = 0; v < VECTORS; ++v) score[r][v] = broadcast_int(codes.bias[first + r]);
  const uint8_t *row = tile.bytes, *code = codes.bytes + (first / GROUP * codes.words * GROUP + first % GROUP) * 4;
#pragma GCC unroll 1
  for (int64_t word = 0; word < codes.words; ++word, row += TILE * 4, code += GROUP * 4) {
    vi z[VECTORS];
#pragma GCC unroll 3
    for (int v = 0; v < VECTORS; ++v) z[v] = load_int(row + v * W * 4);
#pragma GCC unroll 8
    for (int r = 0; r < HALF; ++r) {
      int32_t four;
      __builtin_memcpy(&four, code + 4 * r, 4);
      const vi e = broadcast_int(four);
#pragma GCC unroll 3
      for (int v = 0; v < VECTORS; ++v) add_dot_bytes(score[r][v], z[v], e);
    }
  }
#pragma GCC unroll 3
  for (int v = 0; v < VECTORS; ++v)
#pragma GCC unroll 8
    for (int r = 0; r < HALF; ++r) best[v] = larger(best[v], score[r][v]);
}

MVQ_NOINLINE void screen(const ByteCodes& codes, const ScreenTile& tile, int64_t first_group, int64_t end_group) {
  BestGroups groups(tile);
  for (int64_t g = first_group; g < end_group; ++g) {
    vi best[VECTORS];
    for (vi& b : best) b = broadcast_int(INT32_MIN);
    add_scores(codes, tile, g * GROUP, best);
    add_scores(codes, tile, g * GROUP + HALF, best);
    groups.keep(tile.group_best, g, best);
  }
  groups.save(tile);
}

}  // namespace
}  // namespace mvq::MVQ_TIER
