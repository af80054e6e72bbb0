// Packs rows and codes for the register tile: rows transposed (a lane a row), codes interleaved CODES at a time.
#pragma once
#include "rules.hpp"
#include "simd/simd.hpp"

namespace mvq::MVQ_TIER {
namespace {

constexpr int MASK_BITS = 32;  // mask bits held by one int32 lane

MVQ_INLINE int64_t lane_words(int64_t bits) { return (bits + MASK_BITS - 1) / MASK_BITS; }
MVQ_INLINE int64_t round_up(int64_t value, int64_t step) { return (value + step - 1) / step * step; }
MVQ_INLINE int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }
MVQ_INLINE int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }
MVQ_INLINE int vectors_for(int64_t rows) { return int((rows + W - 1) / W); }

/* rows (count, d) -> packed (d, lanes), lanes = vectors_for(count) * W; those past count repeat the last row. ids picks
 * the rows and dims the dimensions; NULL = the first ones. */
void pack_rows(const float* rows, int64_t stride, const int32_t* ids, int64_t count, const int32_t* dims, int64_t d,
               float* packed) {
  const int64_t lanes_wide = vectors_for(count) * W, squares = dims ? 0 : d / W;
  const auto row_at = [&](int64_t lane) {
    const int64_t place = smaller(lane, count - 1);
    return rows + (ids ? ids[place] : place) * stride;
  };
  for (int64_t first = 0; first < lanes_wide; first += W) {
    for (int64_t i = 0; i < squares * W; i += W) {
      vf x[W];
#pragma GCC unroll 16
      for (int lane = 0; lane < W; ++lane) x[lane] = load(row_at(first + lane) + i);
      transpose(x);
#pragma GCC unroll 16
      for (int j = 0; j < W; ++j) store(packed + (i + j) * lanes_wide + first, x[j]);
    }
    if (squares * W == d) continue;
    if (squares > 0) {  // the last square begins earlier where it would pass the end
      vf x[W];
#pragma GCC unroll 16
      for (int lane = 0; lane < W; ++lane) x[lane] = load(row_at(first + lane) + d - W);
      transpose(x);
      for (int64_t j = W - d % W; j < W; ++j) store(packed + (d - W + j) * lanes_wide + first, x[j]);
      continue;
    }
    for (int64_t lane = first; lane < first + W; ++lane) {
      const float* row = row_at(lane);
      for (int64_t i = squares * W; i < d; ++i) packed[i * lanes_wide + lane] = row[dims ? dims[i] : i];
    }
  }
}

/* masks (count, stride words) -> packed (lane_words(bits), lanes) int32: bit i of a lane is bit i % 32 of word i / 32.
 * ids picks the masks; NULL = the first ones. */
void pack_masks(const uint64_t* masks, int64_t stride, const int32_t* ids, int64_t count, int64_t bits,
                int32_t* packed) {
  const int64_t lanes_wide = vectors_for(count) * W;
  for (int64_t lane = 0; lane < lanes_wide; ++lane) {
    const int64_t place = smaller(lane, count - 1);
    const uint64_t* mask = masks + (ids ? ids[place] : place) * stride;
    for (int64_t word = 0; word < lane_words(bits); ++word)
      packed[word * lanes_wide + lane] = int32_t(uint32_t(mask[word / 2] >> (word % 2 * MASK_BITS)));
  }
}

/* One group of CODES vectors -> packed (d, CODES). ids picks the codes, NULL = all. Past the end the group's first code
 * is repeated: a copy of an earlier code never wins. */
void pack_codes(const float* codes, int64_t stride, const int32_t* ids, int64_t first, int64_t end, const int32_t* dims,
                int64_t d, float* packed) {
  for (int r = 0; r < CODES; ++r) {
    const int64_t position = first + r < end ? first + r : first;
    const float* code = codes + (ids ? ids[position] : position) * stride;
    for (int64_t i = 0; i < d; ++i) packed[i * CODES + r] = code[dims ? dims[i] : i];
  }
}

/* Groups `first` and `first` + CODES, all of whose codes are there, by squares of W -> packed (2, d, CODES). */
void pack_two_groups(const float* codes, int64_t stride, const int32_t* ids, int64_t first, int64_t d, float* packed) {
  for (int64_t i = 0; i < d; i += W) {
    const int64_t at = smaller(i, d - W);  // the last square begins earlier where it would pass the end
    if (at < 0) {
      pack_codes(codes, stride, ids, first, first + CODES, nullptr, d, packed);
      pack_codes(codes, stride, ids, first + CODES, first + 2 * CODES, nullptr, d, packed + d * CODES);
      return;
    }
    vf x[W];
#pragma GCC unroll 16
    for (int r = 0; r < W; ++r) x[r] = load(codes + (ids ? ids[first + r] : first + r) * stride + at);
    transpose(x);
    float both[W];
#pragma GCC unroll 16
    for (int j = 0; j < W; ++j) {
      store(both, x[j]);
      __builtin_memcpy(packed + (at + j) * CODES, both, CODES * 4);
      __builtin_memcpy(packed + (d + at + j) * CODES, both + CODES, CODES * 4);
    }
  }
}

/* Groups first.. of `count` codes, all or those that ids and dims pick, as far as `end` -> packed (groups, d,
 * CODES). */
void pack_groups(const float* codes, int64_t stride, const int32_t* ids, int64_t first, int64_t end, int64_t count,
                 const int32_t* dims, int64_t d, float* packed) {
  for (; first < end; first += CODES, packed += d * CODES) {
    if (W == 2 * CODES && !dims && first + W <= smaller(end, count)) {
      pack_two_groups(codes, stride, ids, first, d, packed);
      first += CODES, packed += d * CODES;
    } else {
      pack_codes(codes, stride, ids, first, count, dims, d, packed);
    }
  }
}

/* The positions of the ones of a mask, ascending; returns how many. */
int64_t list_ones(const uint64_t* mask, int64_t bits, int32_t* list) {
  int64_t count = 0;
  for (int64_t bit = 0; bit < bits; ++bit)
    if (mask_bit(mask, bit)) list[count++] = int32_t(bit);
  return count;
}

}  // namespace
}  // namespace mvq::MVQ_TIER
