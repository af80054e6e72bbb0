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
    struct alignas(64) {
      uint8_t palette = 1, start_row = 0, reserved[14] = {};
      uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
      uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
    } config;
    _tile_loadconfig(&config);
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
#endif

}  // namespace
}  // namespace mvq::MVQ_TIER
#endif
