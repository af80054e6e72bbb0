// The distances of W listed (row, code) pairs, a lane a pair: the same sums as the register tile's,
// from unpacked vectors.
#pragma once
#include "search/search.hpp"

namespace mvq::MVQ_TIER {
namespace {

struct Pair {
  const float *row, *code;
  const uint64_t* mask;  // the row's or the bank's, for these kinds
};

/* What dimensions add before they are squared. */
template <Kind kind>
MVQ_INLINE vf terms(vf row, vf code, lanes kept) {
  if constexpr (kind == Kind::bank) code = keep(kept, code);
  vf t = code - row;
  if constexpr (kind == Kind::row_masked) t = keep(kept, t);
  if constexpr (kind == Kind::free) t = min_or_second(absolute(row), absolute(t));
  return t;
}

template <Kind kind>
MVQ_NOINLINE vf pair_distances(const Pair pairs[W], const int32_t* dims, int64_t d) {
  constexpr bool masked = kind == Kind::row_masked || kind == Kind::bank;
  vf sum = broadcast(0);
  const int64_t squares = dims ? 0 : d / W * W;
  for (int64_t i = 0; i < squares; i += W) {
    vf t[W];
#pragma GCC unroll 16
    for (int lane = 0; lane < W; ++lane) {
      const lanes kept = masked ? lanes(pairs[lane].mask[i / 64] >> (i % 64)) : lanes(0);
      t[lane] = terms<kind>(load(pairs[lane].row + i), load(pairs[lane].code + i), kept);
    }
    transpose(t);
#pragma GCC unroll 16
    for (int j = 0; j < W; ++j) sum = fma(t[j], t[j], sum);
  }
  for (int64_t i = squares; i < d; ++i) {
    const int64_t dim = dims ? dims[i] : i;
    float row[W], code[W];
    uint32_t kept = 0;
    for (int lane = 0; lane < W; ++lane) {
      row[lane] = pairs[lane].row[dim], code[lane] = pairs[lane].code[dim];
      if (masked) kept |= uint32_t{mask_bit(pairs[lane].mask, dim)} << lane;
    }
    const vf t = terms<kind>(load(row), load(code), lanes(kept));
    sum = fma(t, t, sum);
  }
  return sum;
}

}  // namespace
}  // namespace mvq::MVQ_TIER
