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

/* Step by step two vectors become one of partial sums of both: lane i of the result sums the lanes of x[i % N] whose
 * numbers' bits from N on are those of i. */
template <int N>
MVQ_INLINE vf fold_lanes(vf x[N]) {
#pragma GCC unroll 4
  for (int half = 1; half < N; half *= 2) {
    const vi lane = lane_numbers(), upper = ((lane & half) != 0) & broadcast_int(W);
    const vi here = lane + upper, there = (lane ^ broadcast_int(half)) + upper;
#pragma GCC unroll 16
    for (int i = 0; i < N; i += 2 * half)
      x[i] = __builtin_shuffle(x[i], x[i + half], here) + __builtin_shuffle(x[i], x[i + half], there);
  }
  return x[0];
}

MVQ_INLINE vf sum_lanes(vf x[W]) { return fold_lanes<W>(x); }

MVQ_INLINE vf sum_half_lanes(vf x[W / 2]) {
  const vi lane = lane_numbers(), halves = (lane & broadcast_int(1)) * broadcast_int(W / 2);
  return __builtin_shuffle(fold_lanes<W / 2>(x), (lane >> 1) + halves);
}

}  // namespace
}  // namespace mvq::MVQ_TIER
