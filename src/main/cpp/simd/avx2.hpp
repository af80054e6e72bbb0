// 8 lanes: AVX2 and FMA. See simd.hpp for what the names mean.
#pragma once
#include <immintrin.h>

namespace mvq::MVQ_TIER {
namespace {

constexpr int W = 8, VECTORS = 3, CODES = 4;  // 12 accumulators of 16 registers
typedef float vf __attribute__((vector_size(32)));
typedef int32_t vi __attribute__((vector_size(32)));
using lanes = vi;  // -1 or 0

MVQ_INLINE vf load(const float* p) { return _mm256_loadu_ps(p); }
MVQ_INLINE void store(float* p, vf a) { _mm256_storeu_ps(p, a); }
MVQ_INLINE vi load_int(const void* p) { return (vi)_mm256_loadu_si256((const __m256i*)p); }
MVQ_INLINE void store_int(void* p, vi a) { _mm256_storeu_si256((__m256i*)p, (__m256i)a); }
MVQ_INLINE vf broadcast(float a) { return _mm256_set1_ps(a); }
MVQ_INLINE vi broadcast_int(int32_t a) { return (vi)_mm256_set1_epi32(a); }
MVQ_INLINE vi lane_numbers() { return vi{0, 1, 2, 3, 4, 5, 6, 7}; }

MVQ_INLINE vf fma(vf a, vf b, vf c) { return _mm256_fmadd_ps(a, b, c); }
MVQ_INLINE vf min_or_second(vf a, vf b) { return _mm256_min_ps(a, b); }
MVQ_INLINE vf absolute(vf a) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a); }
MVQ_INLINE vi as_int(vf a) { return (vi)a; }
MVQ_INLINE vf as_float(vi a) { return (vf)a; }

MVQ_INLINE lanes less(vf a, vf b) { return (vi)_mm256_cmp_ps(a, b, _CMP_LT_OQ); }
MVQ_INLINE lanes not_at_least(vf a, vf b) { return (vi)_mm256_cmp_ps(a, b, _CMP_NGE_UQ); }
MVQ_INLINE lanes is_number(vf a) { return (vi)_mm256_cmp_ps(a, a, _CMP_ORD_Q); }
MVQ_INLINE lanes less(vi a, vi b) { return a < b; }
MVQ_INLINE lanes equal(vi a, vi b) { return a == b; }
MVQ_INLINE lanes has_bit(vi a, vi bit) { return (a & bit) != 0; }
MVQ_INLINE lanes both(lanes a, lanes b) { return a & b; }
MVQ_INLINE lanes either(lanes a, lanes b) { return a | b; }
MVQ_INLINE bool any(lanes a) { return _mm256_movemask_ps((__m256)a) != 0; }
MVQ_INLINE vf select(lanes m, vf a, vf b) { return _mm256_blendv_ps(b, a, (__m256)m); }
MVQ_INLINE vi select(lanes m, vi a, vi b) { return (vi)_mm256_blendv_epi8((__m256i)b, (__m256i)a, (__m256i)m); }
MVQ_INLINE vf keep(lanes m, vf a) { return (vf)(m & (vi)a); }

MVQ_INLINE vf to_float(vi a) { return _mm256_cvtepi32_ps((__m256i)a); }
/* The first `count` of W floats, 0 in the other lanes. */
MVQ_INLINE vf load_first(const float* p, int64_t count) {
  return _mm256_maskload_ps(p, (__m256i)(lane_numbers() < broadcast_int(int32_t(count))));
}
MVQ_INLINE vf larger(vf a, vf b) { return _mm256_max_ps(a, b); }
MVQ_INLINE vf root(vf a) { return _mm256_sqrt_ps(a); }
MVQ_INLINE vi round_to_int(vf a) { return (vi)_mm256_cvtps_epi32(a); }  // NaN becomes the least integer
MVQ_INLINE vi smaller(vi a, vi b) { return (vi)_mm256_min_epi32((__m256i)a, (__m256i)b); }
MVQ_INLINE vi larger(vi a, vi b) { return (vi)_mm256_max_epi32((__m256i)a, (__m256i)b); }
MVQ_INLINE lanes not_less(vi a, vi b) { return a >= b; }
MVQ_INLINE uint32_t bits_of(lanes a) { return uint32_t(_mm256_movemask_ps((__m256)a)); }
MVQ_INLINE int count(lanes a) { return __builtin_popcount(bits_of(a)); }
MVQ_INLINE int first_of(lanes a) { return __builtin_ctz(bits_of(a)); }
MVQ_INLINE lanes lanes_of_bits(uint32_t bits) {
  return has_bit(broadcast_int(int32_t(bits)), vi{1, 2, 4, 8, 16, 32, 64, 128});
}

template <class Vector, class Join>
MVQ_INLINE auto joined_lanes(Vector a, Join join) {
  auto result = a[0];
  for (int lane = 1; lane < W; ++lane) result = join(result, a[lane]);
  return result;
}
MVQ_INLINE float sum_of_lanes(vf a) {
  return joined_lanes(a, [](float x, float y) { return x + y; });
}
MVQ_INLINE int32_t sum_of_lanes(vi a) {
  return joined_lanes(a, [](int32_t x, int32_t y) { return x + y; });
}
MVQ_INLINE float largest_of_lanes(vf a) {
  return joined_lanes(a, [](float x, float y) { return x > y ? x : y; });
}
MVQ_INLINE int32_t largest_of_lanes(vi a) {
  return joined_lanes(a, [](int32_t x, int32_t y) { return x > y ? x : y; });
}

MVQ_INLINE void multiply_wide(vi a, uint32_t m, vi& low, vi& high) {
  const __m256i x = (__m256i)a, y = _mm256_set1_epi64x(m);
  const __m256i even = _mm256_mul_epu32(x, y), odd = _mm256_mul_epu32(_mm256_srli_epi64(x, 32), y);
  low = (vi)_mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xAA);
  high = (vi)_mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xAA);
}

}  // namespace
}  // namespace mvq::MVQ_TIER
#include "simd/avx2_bytes.hpp"
