// What the screens of hypotheses share, in bytes or in halves: the masks of a block of them, and sums of lanes.
#pragma once
#include "selection/dropout_masks.hpp"
#include "selection/screen/screened_sizes.hpp"
#if defined(MVQ_SCREENS_HYPOTHESES)

namespace mvq::MVQ_TIER {
namespace {

/* The mask words of hypotheses first..first + BLOCK - 1 of a row (BLOCK, words); those past the last are 0. */
const uint64_t* block_masks(const mvq_select_hypothesis_args& args, int64_t row, int64_t first, uint64_t* masks) {
  const int64_t words = mask_words(args.c), count = smaller(BLOCK, args.h - first);
  const uint64_t* given = args.masks ? args.masks + (row * args.h + first) * words : nullptr;
  if (given && count == BLOCK) return given;
  if (count < BLOCK) __builtin_memset(masks, 0, BLOCK * words * 8);
  if (given) {
    __builtin_memcpy(masks, given, count * words * 8);
    return masks;
  }
  const mvq_dropout_masks_args drawn{args.n, args.h, args.c, args.dropout, nullptr};
  for (int64_t j = 0; j < count; j += W)
    draw_masks(drawn, uint64_t(args.dropout.first_row) + uint64_t(row), first + j, smaller(W, count - j),
               masks + j * words);
  return masks;
}

/* The sums of the lanes of W vectors. */
#if defined(MVQ_SIMD_AVX512)
template <class Vector, class Add>
MVQ_INLINE Vector sums_of_lanes(const Vector* x, Add add) {
  __m512 pairs[8], quads[4];
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) {
    const __m512 a = __m512(x[2 * i]), b = __m512(x[2 * i + 1]);
    pairs[i] = __m512(add(Vector(_mm512_unpacklo_ps(a, b)), Vector(_mm512_unpackhi_ps(a, b))));
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    const __m512d a = __m512d(pairs[2 * i]), b = __m512d(pairs[2 * i + 1]);
    quads[i] = __m512(add(Vector(_mm512_unpacklo_pd(a, b)), Vector(_mm512_unpackhi_pd(a, b))));
  }
  const auto join = [&](__m512 a, __m512 b) {
    return __m512(add(Vector(_mm512_shuffle_f32x4(a, b, 0x88)), Vector(_mm512_shuffle_f32x4(a, b, 0xDD))));
  };
  return Vector(join(join(quads[0], quads[1]), join(quads[2], quads[3])));
}
#else
template <class Vector, class Add>
MVQ_INLINE Vector sums_of_lanes(const Vector* x, Add add) {
  __m256 pairs[4], quads[2];
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    const __m256 a = __m256(x[2 * i]), b = __m256(x[2 * i + 1]);
    pairs[i] = __m256(add(Vector(_mm256_unpacklo_ps(a, b)), Vector(_mm256_unpackhi_ps(a, b))));
  }
#pragma GCC unroll 2
  for (int i = 0; i < 2; ++i) {
    const __m256d a = __m256d(pairs[2 * i]), b = __m256d(pairs[2 * i + 1]);
    quads[i] = __m256(add(Vector(_mm256_unpacklo_pd(a, b)), Vector(_mm256_unpackhi_pd(a, b))));
  }
  return add(Vector(_mm256_permute2f128_ps(quads[0], quads[1], 0x20)),
             Vector(_mm256_permute2f128_ps(quads[0], quads[1], 0x31)));
}
#endif

/* The least of BLOCK values. */
MVQ_INLINE float least_of(const float* values) {
  vf least = load(values);
  for (int v = W; v < BLOCK; v += W) least = min_or_second(least, load(values + v));
  return -largest_of_lanes(broadcast(0) - least);
}

}  // namespace
}  // namespace mvq::MVQ_TIER
#endif
