// Transposes W vectors of W lanes in registers, or sums the lanes of each; shared by the tiers that have shuffles.
#pragma once

namespace mvq::MVQ_TIER {
namespace {

/* Lane i is lane from[i] of a or, from W on, of b. */
#if defined(__clang__)  // has no shuffle by a vector, and makes one of this where the lanes are known when it compiles
MVQ_INLINE vf pick(vf a, vf b, vi from) {
  vf picked{};
#pragma clang loop unroll(full)
  for (int i = 0; i < W; ++i) picked[i] = from[i] < W ? a[from[i]] : b[from[i] - W];
  return picked;
}
MVQ_INLINE vf pick(vf a, vi from) { return pick(a, a, from); }
#else
MVQ_INLINE vf pick(vf a, vf b, vi from) { return __builtin_shuffle(a, b, from); }
MVQ_INLINE vf pick(vf a, vi from) { return __builtin_shuffle(a, from); }
#endif

#if defined(MVQ_SIMD_AVX512)
/* Squares of 4 within 128 bits first, then those: these shuffles take half of the time of ones by an index on Zen 5. */
MVQ_INLINE void transpose(vf x[W]) {
  __m512 pairs[W], quads[W];
#pragma GCC unroll 8
  for (int i = 0; i < W; i += 2) {
    pairs[i] = _mm512_unpacklo_ps(x[i], x[i + 1]);
    pairs[i + 1] = _mm512_unpackhi_ps(x[i], x[i + 1]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < W; i += 4)
#pragma GCC unroll 2
    for (int j = 0; j < 2; ++j) {
      const __m512d a = __m512d(pairs[i + j]), b = __m512d(pairs[i + j + 2]);
      quads[i + 2 * j] = __m512(_mm512_unpacklo_pd(a, b));
      quads[i + 2 * j + 1] = __m512(_mm512_unpackhi_pd(a, b));
    }
#pragma GCC unroll 4
  for (int j = 0; j < 4; ++j) {  // lane 4 l + r of quads[4 i + j] is row 4 i + r, column 4 l + j
    const __m512 a = _mm512_shuffle_f32x4(quads[j], quads[4 + j], 0x88),
                 b = _mm512_shuffle_f32x4(quads[j], quads[4 + j], 0xDD),
                 c = _mm512_shuffle_f32x4(quads[8 + j], quads[12 + j], 0x88),
                 d = _mm512_shuffle_f32x4(quads[8 + j], quads[12 + j], 0xDD);
    x[j] = _mm512_shuffle_f32x4(a, c, 0x88);
    x[4 + j] = _mm512_shuffle_f32x4(b, d, 0x88);
    x[8 + j] = _mm512_shuffle_f32x4(a, c, 0xDD);
    x[12 + j] = _mm512_shuffle_f32x4(b, d, 0xDD);
  }
}
#elif defined(MVQ_SIMD_AVX2)
/* The same, squares of 4 within 128 bits first: three instructions of one step each a vector. */
MVQ_INLINE void transpose(vf x[W]) {
  __m256 pairs[W], quads[W];
#pragma GCC unroll 4
  for (int i = 0; i < W; i += 2) {
    pairs[i] = _mm256_unpacklo_ps(x[i], x[i + 1]);
    pairs[i + 1] = _mm256_unpackhi_ps(x[i], x[i + 1]);
  }
#pragma GCC unroll 2
  for (int i = 0; i < W; i += 4)
#pragma GCC unroll 2
    for (int j = 0; j < 2; ++j) {
      const __m256d a = __m256d(pairs[i + j]), b = __m256d(pairs[i + j + 2]);
      quads[i + 2 * j] = __m256(_mm256_unpacklo_pd(a, b));
      quads[i + 2 * j + 1] = __m256(_mm256_unpackhi_pd(a, b));
    }
#pragma GCC unroll 4
  for (int j = 0; j < 4; ++j) {
    x[j] = _mm256_permute2f128_ps(quads[j], quads[4 + j], 0x20);
    x[4 + j] = _mm256_permute2f128_ps(quads[j], quads[4 + j], 0x31);
  }
}
#else
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
      x[i] = pick(a, b, first);
      x[i + half] = pick(a, b, second);
    }
  }
}
#endif

/* Step by step two vectors become one of partial sums of both: lane i of the result sums the lanes of x[i % N] whose
 * numbers' bits from N on are those of i. */
template <int N>
MVQ_INLINE vf fold_lanes(vf x[N]) {
#pragma GCC unroll 4
  for (int half = 1; half < N; half *= 2) {
    const vi lane = lane_numbers(), upper = ((lane & half) != 0) & broadcast_int(W);
    const vi here = lane + upper, there = (lane ^ broadcast_int(half)) + upper;
#pragma GCC unroll 16
    for (int i = 0; i < N; i += 2 * half) x[i] = pick(x[i], x[i + half], here) + pick(x[i], x[i + half], there);
  }
  return x[0];
}

MVQ_INLINE vf sum_lanes(vf x[W]) { return fold_lanes<W>(x); }

MVQ_INLINE vf sum_half_lanes(vf x[W / 2]) {
  const vi lane = lane_numbers(), halves = (lane & broadcast_int(1)) * broadcast_int(W / 2);
  return pick(fold_lanes<W / 2>(x), (lane >> 1) + halves);
}

}  // namespace
}  // namespace mvq::MVQ_TIER
