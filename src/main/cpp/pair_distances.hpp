// The distances of W listed (row, code) pairs, a lane a pair: the same sums as the register tile's, from unpacked vectors.
#pragma once
#include "pack.hpp"

namespace mvq::MVQ_TIER {
namespace {

struct Pair {
  const float *row, *code;
};

MVQ_NOINLINE vf pair_distances(const Pair pairs[W], const int32_t* dims, int64_t d) {
  vf sum = broadcast(0);
  const int64_t squares = dims ? 0 : d / W * W;
  for (int64_t i = 0; i < squares; i += W) {
    vf t[W];
#pragma GCC unroll 16
    for (int lane = 0; lane < W; ++lane) t[lane] = load(pairs[lane].code + i) - load(pairs[lane].row + i);
    transpose(t);
#pragma GCC unroll 16
    for (int j = 0; j < W; ++j) sum = fma(t[j], t[j], sum);
  }
  for (int64_t i = squares; i < d; ++i) {
    const int64_t dim = dims ? dims[i] : i;
    float t[W];
    for (int lane = 0; lane < W; ++lane) t[lane] = pairs[lane].code[dim] - pairs[lane].row[dim];
    sum = fma(load(t), load(t), sum);
  }
  return sum;
}

}  // namespace
}  // namespace mvq::MVQ_TIER
