// Transposes W vectors of W lanes in registers, or sums the lanes of each; shared by the tiers that have shuffles.
#pragma once

namespace mvq::MVQ_TIER {
namespace {

/* By halves: at each step a pair of vectors swaps the lanes that differ in one bit of their number. */
MVQ_INLINE void transpose(vf x[W]) {
#pragma GCC unroll 4
  for (int half = 1; half < W; half *= 2) {
    const vi lane = lane_numbers(), upper = ((lane & half) != 0) & broadcast_int(W - half);
    const vi first = lane + upper, second = lane + broadcast_int(half) + upper;
#pragma GCC unroll 16
    for (int i = 0; i < W; ++i) {
      if (i & half) continue;
      const vf a = x[i], b = x[i + half];
      x[i] = __builtin_shuffle(a, b, first);
      x[i + half] = __builtin_shuffle(a, b, second);
    }
  }
}

/* Lane i of the result: the sum of the lanes of x[i]. At each step two vectors become one of partial sums of both. */
MVQ_INLINE vf sum_lanes(vf x[W]) {
#pragma GCC unroll 4
  for (int half = 1; half < W; half *= 2) {
    const vi lane = lane_numbers(), upper = ((lane & half) != 0) & broadcast_int(W);
    const vi here = lane + upper, there = (lane ^ broadcast_int(half)) + upper;
#pragma GCC unroll 16
    for (int i = 0; i < W; i += 2 * half)
      x[i] = __builtin_shuffle(x[i], x[i + half], here) + __builtin_shuffle(x[i], x[i + half], there);
  }
  return x[0];
}

}  // namespace
}  // namespace mvq::MVQ_TIER
