// Byte matrix products, 32 rows by 32 outputs at a time: the tiles of AMX, or the same sums by vpdpbusd.
#pragma once
#include "simd.hpp"
#if defined(MVQ_SIMD_VNNI)

namespace mvq::MVQ_TIER {
namespace {

constexpr int BLOCK = 32;        // rows, and outputs, of one product
constexpr int DEPTH = 64;        // bytes summed by one tile product; depths are multiples of it
constexpr int PACKED_BYTES = 16 * 4;  // 4 bytes of each of 16 outputs: a row of a packed group

#if defined(MVQ_SIMD_AMX)
/* The tiles as 16 rows of 64 bytes, for this thread and this scope. */
class ByteTiles {
 public:
  ByteTiles() {
    struct Config {
      uint8_t palette, start_row, reserved[14];
      uint16_t row_bytes[16];
      uint8_t rows[16];
    };
    alignas(64) static constexpr Config CONFIG = {
        1, 0, {}, {64, 64, 64, 64, 64, 64, 64, 64}, {16, 16, 16, 16, 16, 16, 16, 16}};
    _tile_loadconfig(&CONFIG);  // static: gcc 12 believes that only its first 8 bytes are read
  }
  ~ByteTiles() { _tile_release(); }
  ByteTiles(const ByteTiles&) = delete;
  ByteTiles& operator=(const ByteTiles&) = delete;
};

/* sums (BLOCK, stride) = start (BLOCK) + rows (BLOCK, depth) * outputs. rows are unsigned; the outputs are two groups of
 * 16, each packed (depth / 4, 16, 4), signed. */
MVQ_INLINE void multiply_bytes(const uint8_t* rows, const int8_t* outputs, int64_t depth, const int32_t* start, int32_t* sums,
                               int64_t stride) {
  const int8_t* more = outputs + depth * 16;
  _tile_loadd(0, start, 0);  // the same 16 starts for every row
  _tile_loadd(1, start + 16, 0);
  _tile_loadd(2, start, 0);
  _tile_loadd(3, start + 16, 0);
  for (int64_t k = 0; k < depth; k += DEPTH) {
    _tile_loadd(4, rows + k, depth);
    _tile_loadd(6, outputs + k * 16, PACKED_BYTES);
    _tile_dpbusd(0, 4, 6);
    _tile_loadd(7, more + k * 16, PACKED_BYTES);
    _tile_dpbusd(1, 4, 7);
    _tile_loadd(5, rows + 16 * depth + k, depth);
    _tile_dpbusd(2, 5, 6);
    _tile_dpbusd(3, 5, 7);
  }
  _tile_stored(0, sums, stride * 4);
  _tile_stored(1, sums + 16, stride * 4);
  _tile_stored(2, sums + 16 * stride, stride * 4);
  _tile_stored(3, sums + 16 * stride + 16, stride * 4);
}

/* sums (BLOCK, 2, 16): high by high, and high by low plus low by high. rows: high bytes (BLOCK, depth), then low bytes. */
MVQ_INLINE void multiply_halves(const uint8_t* rows, const int8_t* high, const int8_t* low, int64_t depth, int32_t* sums) {
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
  }
  _tile_stored(0, sums, 32 * 4);
  _tile_stored(1, sums + 16, 32 * 4);
  _tile_stored(2, sums + 16 * 32, 32 * 4);
  _tile_stored(3, sums + 16 * 32 + 16, 32 * 4);
}
#else
class ByteTiles {
 public:
  ByteTiles() {}
};

MVQ_INLINE void multiply_bytes(const uint8_t* rows, const int8_t* outputs, int64_t depth, const int32_t* start, int32_t* sums,
                               int64_t stride) {
  constexpr int ROWS = 8;  // 16 accumulators
  const int8_t* more = outputs + depth * 16;
  for (int first = 0; first < BLOCK; first += ROWS, rows += ROWS * depth, sums += ROWS * stride) {
    vi sum[ROWS][2];
#pragma GCC unroll 8
    for (int r = 0; r < ROWS; ++r) sum[r][0] = load_int(start), sum[r][1] = load_int(start + 16);
#pragma GCC unroll 1
    for (int64_t k = 0; k < depth; k += 4) {
      const vi x = load_int(outputs + k * 16), y = load_int(more + k * 16);
#pragma GCC unroll 8
      for (int r = 0; r < ROWS; ++r) {
        int32_t four;
        __builtin_memcpy(&four, rows + r * depth + k, 4);
        const vi bytes = broadcast_int(four);
        add_dot_bytes(sum[r][0], bytes, x);
        add_dot_bytes(sum[r][1], bytes, y);
      }
    }
#pragma GCC unroll 8
    for (int r = 0; r < ROWS; ++r) store_int(sums + r * stride, sum[r][0]), store_int(sums + r * stride + 16, sum[r][1]);
  }
}

MVQ_INLINE void multiply_halves(const uint8_t* rows, const int8_t* high, const int8_t* low, int64_t depth, int32_t* sums) {
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
#endif

}  // namespace
}  // namespace mvq::MVQ_TIER
#endif
