// The distances of listed (row, code) pairs, a lane a pair: the same sums as the register tile's,
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

/* Adds dimensions i..i + W - 1 of W pairs to their sums. */
template <Kind kind>
MVQ_INLINE void add_square(const Pair pairs[W], int64_t i, vf& sum) {
  constexpr bool masked = kind == Kind::row_masked || kind == Kind::bank;
  vf t[W];
#pragma GCC unroll 16
  for (int lane = 0; lane < W; ++lane) {
    const lanes kept = masked ? lanes_of_bits(uint32_t(pairs[lane].mask[i / 64] >> (i % 64))) : lanes{};
    t[lane] = terms<kind>(load(pairs[lane].row + i), load(pairs[lane].code + i), kept);
  }
  transpose(t);
#pragma GCC unroll 16
  for (int j = 0; j < W; ++j) sum = fma(t[j], t[j], sum);
}

/* ... and dimension `dim`. */
template <Kind kind>
MVQ_INLINE void add_dimension_of(const Pair pairs[W], int64_t dim, vf& sum) {
  float row[W], code[W];
  uint32_t kept = 0;
  for (int lane = 0; lane < W; ++lane) {
    row[lane] = pairs[lane].row[dim], code[lane] = pairs[lane].code[dim];
    if (kind == Kind::row_masked || kind == Kind::bank) kept |= uint32_t{mask_bit(pairs[lane].mask, dim)} << lane;
  }
  const vf t = terms<kind>(load(row), load(code), lanes_of_bits(kept));
  sum = fma(t, t, sum);
}

/* distance (V * W) of so many pairs; each vector's sum is one chain, and two of them hide each other's latency. */
template <Kind kind, int V>
MVQ_NOINLINE void pair_distances(const Pair pairs[V * W], const int32_t* dims, int64_t d, float* distance) {
  vf sum[V];
  for (vf& s : sum) s = broadcast(0);
  const int64_t squares = dims ? 0 : d / W * W;
  for (int64_t i = 0; i < squares; i += W)
#pragma GCC unroll 2
    for (int v = 0; v < V; ++v) add_square<kind>(pairs + v * W, i, sum[v]);
  for (int64_t i = squares; i < d; ++i)
#pragma GCC unroll 2
    for (int v = 0; v < V; ++v) add_dimension_of<kind>(pairs + v * W, dims ? dims[i] : i, sum[v]);
  for (int v = 0; v < V; ++v) store(distance + v * W, sum[v]);
}

}  // namespace
}  // namespace mvq::MVQ_TIER
