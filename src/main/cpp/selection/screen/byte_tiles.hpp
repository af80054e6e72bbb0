// Byte matrix products: the tiles of AMX, or the same sums by vpdpbusd. `meanwhile(done, all)` is called between the
// parts of a product, before its sums are stored: the vectors work on the sums before while the tiles multiply, in
// small slices, for few tile instructions can wait at a time.
#pragma once
#include "selection/screen/screened_sizes.hpp"
#include "simd/tile_registers.hpp"
#if defined(MVQ_SCREENS_HYPOTHESES)

namespace mvq::MVQ_TIER {
namespace {

constexpr int DEPTH = 64;            // bytes summed by one tile product; depths are multiples of it
constexpr int PACKED_BYTES = W * 4;  // 4 bytes of each of W outputs: a row of a packed group

#if defined(MVQ_SIMD_AMX)
/* sums (16, GROUPS * 16) = start (GROUPS * 16) + rows (16, depth) * outputs. rows are unsigned;
 * the outputs are groups of 16, each packed (depth / 4, 16, 4), signed. */
template <int GROUPS, class Meanwhile>
MVQ_INLINE void multiply_bytes(const uint8_t* rows, const int8_t* outputs, int64_t depth, const int32_t* start,
                               int32_t* sums, Meanwhile meanwhile) {
  static_assert(GROUPS == 1 || GROUPS == 4);
  constexpr int STRIDE = GROUPS * W * 4;
  const int8_t *second = outputs + depth * W, *third = second + depth * W, *fourth = third + depth * W;
  _tile_loadd(0, start, 0);  // the same starts for every row
  if constexpr (GROUPS == 4) {
    _tile_loadd(1, start + W, 0);
    _tile_loadd(2, start + 2 * W, 0);
    _tile_loadd(3, start + 3 * W, 0);
  }
  for (int64_t k = 0; k < depth; k += DEPTH) {
    _tile_loadd(4, rows + k, depth);
    _tile_loadd(5, outputs + k * W, PACKED_BYTES);
    _tile_dpbusd(0, 4, 5);
    if constexpr (GROUPS == 4) {
      _tile_loadd(6, second + k * W, PACKED_BYTES);
      _tile_dpbusd(1, 4, 6);
      _tile_loadd(7, third + k * W, PACKED_BYTES);
      _tile_dpbusd(2, 4, 7);
      _tile_loadd(5, fourth + k * W, PACKED_BYTES);
      _tile_dpbusd(3, 4, 5);
    }
    meanwhile(k + DEPTH, depth);
  }
  _tile_stored(0, sums, STRIDE);
  if constexpr (GROUPS == 4) {
    _tile_stored(1, sums + W, STRIDE);
    _tile_stored(2, sums + 2 * W, STRIDE);
    _tile_stored(3, sums + 3 * W, STRIDE);
  }
}

/* sums (BLOCK, 2, 16): high by high, and high by low plus low by high. rows: high bytes (BLOCK, depth), then low
 * bytes. */
template <class Meanwhile>
MVQ_INLINE void multiply_halves(const uint8_t* rows, const int8_t* high, const int8_t* low, int64_t depth,
                                int32_t* sums, Meanwhile meanwhile) {
  const uint8_t *more = rows + 16 * depth, *low_rows = rows + BLOCK * depth, *more_low = low_rows + 16 * depth;
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  for (int64_t k = 0; k < depth; k += DEPTH) {  // 48 cycles or more between two products that go to one tile
    _tile_loadd(4, rows + k, depth);
    _tile_loadd(6, high + k * 16, PACKED_BYTES);
    _tile_dpbusd(0, 4, 6);
    _tile_loadd(7, low + k * 16, PACKED_BYTES);
    _tile_dpbusd(1, 4, 7);
    _tile_loadd(5, more + k, depth);
    _tile_dpbusd(2, 5, 6);
    _tile_dpbusd(3, 5, 7);
    _tile_loadd(4, low_rows + k, depth);
    _tile_dpbusd(1, 4, 6);
    _tile_loadd(5, more_low + k, depth);
    _tile_dpbusd(3, 5, 6);
    meanwhile(k + DEPTH, depth);
  }
  _tile_stored(0, sums, 32 * 4);
  _tile_stored(1, sums + 16, 32 * 4);
  _tile_stored(2, sums + 16 * 32, 32 * 4);
  _tile_stored(3, sums + 16 * 32 + 16, 32 * 4);
}
#else
template <int GROUPS>
MVQ_NOINLINE void multiply_bytes(const uint8_t* rows, const int8_t* outputs, int64_t depth, const int32_t* start,
                                 int32_t* sums) {
  constexpr int ROWS = 4;  // 16 accumulators
  for (int first = 0; first < W; first += ROWS, rows += ROWS * depth, sums += ROWS * GROUPS * W) {
    vi sum[ROWS][GROUPS];
#pragma GCC unroll 4
    for (int r = 0; r < ROWS; ++r)
#pragma GCC unroll 4
      for (int g = 0; g < GROUPS; ++g) sum[r][g] = load_int(start + g * W);
#pragma GCC unroll 1
    for (int64_t k = 0; k < depth; k += 4) {
      vi x[GROUPS];
#pragma GCC unroll 4
      for (int g = 0; g < GROUPS; ++g) x[g] = load_int(outputs + (g * depth + k) * W);
#pragma GCC unroll 4
      for (int r = 0; r < ROWS; ++r) {
        int32_t four;
        __builtin_memcpy(&four, rows + r * depth + k, 4);
        const vi bytes = broadcast_int(four);
#pragma GCC unroll 4
        for (int g = 0; g < GROUPS; ++g) add_dot_bytes(sum[r][g], bytes, x[g]);
      }
    }
#pragma GCC unroll 4
    for (int r = 0; r < ROWS; ++r)
#pragma GCC unroll 4
      for (int g = 0; g < GROUPS; ++g) store_int(sums + (r * GROUPS + g) * W, sum[r][g]);
  }
}

template <int GROUPS, class Meanwhile>
MVQ_INLINE void multiply_bytes(const uint8_t* rows, const int8_t* outputs, int64_t depth, const int32_t* start,
                               int32_t* sums, Meanwhile meanwhile) {
  meanwhile(depth, depth);
  multiply_bytes<GROUPS>(rows, outputs, depth, start, sums);
}

#if defined(MVQ_SCREEN_IN_BYTES)
MVQ_NOINLINE void multiply_halves(const uint8_t* rows, const int8_t* high, const int8_t* low, int64_t depth,
                                  int32_t* sums) {
  constexpr int ROWS = 8;  // 16 accumulators
  for (int first = 0; first < BLOCK; first += ROWS, rows += ROWS * depth, sums += ROWS * 32) {
    vi both[ROWS], cross[ROWS];
#pragma GCC unroll 8
    for (int r = 0; r < ROWS; ++r) both[r] = cross[r] = broadcast_int(0);
#pragma GCC unroll 1
    for (int64_t k = 0; k < depth; k += 4) {
      const vi x = load_int(high + k * 16), y = load_int(low + k * 16);
#pragma GCC unroll 8
      for (int r = 0; r < ROWS; ++r) {
        int32_t four, more;
        __builtin_memcpy(&four, rows + r * depth + k, 4);
        __builtin_memcpy(&more, rows + (BLOCK + r) * depth + k, 4);
        const vi bytes = broadcast_int(four);
        add_dot_bytes(both[r], bytes, x);
        add_dot_bytes(cross[r], bytes, y);
        add_dot_bytes(cross[r], broadcast_int(more), x);
      }
    }
#pragma GCC unroll 8
    for (int r = 0; r < ROWS; ++r) store_int(sums + r * 32, both[r]), store_int(sums + r * 32 + 16, cross[r]);
  }
}

template <class Meanwhile>
MVQ_INLINE void multiply_halves(const uint8_t* rows, const int8_t* high, const int8_t* low, int64_t depth,
                                int32_t* sums, Meanwhile meanwhile) {
  meanwhile(depth, depth);
  multiply_halves(rows, high, low, depth, sums);
}
#endif
#endif

}  // namespace
}  // namespace mvq::MVQ_TIER
#endif
