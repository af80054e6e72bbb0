// The screen by products of byte tiles (AMX): 16 codes by 16 rows by 64 dimensions an instruction.
#pragma once
#include <type_traits>

#include "search/screen/tile_scores.hpp"
#include "simd/tile_registers.hpp"

namespace mvq::MVQ_TIER {
namespace {

static_assert(VECTORS == 3 && GROUP == 16 && W == 16);

// Tile registers: 6 holds codes, 7 rows; 0, 1, 2 sum the products of the three vectors of rows for even groups and 3,
// 4, 5 for odd ones, so that one group's are multiplied while the other's are stored.
// gcc wants the numbers spelled out.
#define MVQ_MULTIPLY(s0, s1, s2)                                   \
  _tile_zero(s0);                                                  \
  _tile_zero(s1);                                                  \
  _tile_zero(s2);                                                  \
  for (int64_t word = 0; word < codes.words; word += TILE_WORDS) { \
    const uint8_t* row = tile.bytes + word * TILE * 4;             \
    _tile_loadd(6, code + word * 4, codes.words * 4);              \
    _tile_loadd(7, row, TILE * 4);                                 \
    _tile_dpbusd(s0, 6, 7);                                        \
    _tile_loadd(7, row + 64, TILE * 4);                            \
    _tile_dpbusd(s1, 6, 7);                                        \
    _tile_loadd(7, row + 128, TILE * 4);                           \
    _tile_dpbusd(s2, 6, 7);                                        \
  }
#define MVQ_STORE(s0, s1, s2)                 \
  _tile_stored(s0, products, 64);             \
  _tile_stored(s1, products + GROUP * W, 64); \
  _tile_stored(s2, products + 2 * GROUP * W, 64)

/* The scores of group g, without their bias, into its tile registers. */
template <bool odd>
MVQ_INLINE void multiply(const ByteCodes& codes, const ScreenTile& tile, int64_t g) {
  const uint8_t* code = codes.rows + g * codes.group_bytes();
  if constexpr (odd) {
    MVQ_MULTIPLY(3, 4, 5)
  } else {
    MVQ_MULTIPLY(0, 1, 2)
  }
}

/* ... and from there -> (VECTORS, GROUP, W). */
template <bool odd>
MVQ_INLINE void store_products(int32_t* products) {
  if constexpr (odd) {
    MVQ_STORE(3, 4, 5);
  } else {
    MVQ_STORE(0, 1, 2);
  }
}

MVQ_INLINE void keep_products(const int32_t* bias, const ScreenTile& tile, int64_t g, const int32_t* products,
                              BestGroups& kept) {
  GroupScores<false> found;
#pragma GCC unroll 16
  for (int r = 0; r < GROUP; ++r) {
    const vi start = broadcast_int(bias[g * GROUP + r]);
#pragma GCC unroll 3
    for (int v = 0; v < VECTORS; ++v) found.add(v, start + load_int(products + (v * GROUP + r) * W));
  }
  kept.keep(tile, g, found);
}

/* A pipeline: while a group is multiplied the one before it is stored, and the one before that looked at. */
MVQ_NOINLINE void screen_in_tiles(const ByteCodes& codes, const ScreenTile& tile, int64_t groups) {
  alignas(64) int32_t products[2][VECTORS * GROUP * W];
  BestGroups kept;
  const auto stage = [&](auto odd, int64_t g) {
    if (g < groups) multiply<odd>(codes, tile, g);
    if (g >= 1 && g - 1 < groups) store_products<!odd>(products[!odd]);
    if (g >= 2 && g - 2 < groups) keep_products(codes.bias, tile, g - 2, products[odd], kept);
  };
  for (int64_t g = 0; g < groups + 2; g += 2) {
    stage(std::false_type(), g);
    stage(std::true_type(), g + 1);
  }
  kept.save(tile);
}

#undef MVQ_MULTIPLY
#undef MVQ_STORE

}  // namespace
}  // namespace mvq::MVQ_TIER
