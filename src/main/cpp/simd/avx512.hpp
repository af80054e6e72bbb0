// 16 lanes: AVX-512 F, BW, DQ, VL. See simd.hpp for what the names mean.
#pragma once
#include <immintrin.h>

namespace mvq::MVQ_TIER {
namespace {

constexpr int W = 16, VECTORS = 3, CODES = 8;  // 24 accumulators of 32 registers
typedef float vf __attribute__((vector_size(64)));
typedef int32_t vi __attribute__((vector_size(64)));
using lanes = __mmask16;

MVQ_INLINE vf load(const float* p) { return _mm512_loadu_ps(p); }
/* The first `count` of W floats, 0 in the other lanes. */
MVQ_INLINE vf load_first(const float* p, int64_t count) { return _mm512_maskz_loadu_ps((1u << count) - 1, p); }
MVQ_INLINE void store(float* p, vf a) { _mm512_storeu_ps(p, a); }
MVQ_INLINE vi load_int(const void* p) { return (vi)_mm512_loadu_si512(p); }
MVQ_INLINE void store_int(void* p, vi a) { _mm512_storeu_si512(p, (__m512i)a); }
MVQ_INLINE vf broadcast(float a) { return _mm512_set1_ps(a); }
MVQ_INLINE vi broadcast_int(int32_t a) { return (vi)_mm512_set1_epi32(a); }
MVQ_INLINE vi lane_numbers() { return vi{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}; }

MVQ_INLINE vf fma(vf a, vf b, vf c) { return _mm512_fmadd_ps(a, b, c); }
MVQ_INLINE vf min_or_second(vf a, vf b) { return _mm512_min_ps(a, b); }
MVQ_INLINE vf absolute(vf a) { return _mm512_abs_ps(a); }
MVQ_INLINE vi as_int(vf a) { return (vi)a; }
MVQ_INLINE vf as_float(vi a) { return (vf)a; }

MVQ_INLINE lanes less(vf a, vf b) { return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ); }
MVQ_INLINE lanes not_at_least(vf a, vf b) { return _mm512_cmp_ps_mask(a, b, _CMP_NGE_UQ); }
MVQ_INLINE lanes is_number(vf a) { return _mm512_cmp_ps_mask(a, a, _CMP_ORD_Q); }
MVQ_INLINE lanes less(vi a, vi b) { return _mm512_cmplt_epi32_mask((__m512i)a, (__m512i)b); }
MVQ_INLINE lanes equal(vi a, vi b) { return _mm512_cmpeq_epi32_mask((__m512i)a, (__m512i)b); }
MVQ_INLINE lanes has_bit(vi a, vi bit) { return _mm512_test_epi32_mask((__m512i)a, (__m512i)bit); }
MVQ_INLINE lanes both(lanes a, lanes b) { return lanes(a & b); }
MVQ_INLINE lanes either(lanes a, lanes b) { return lanes(a | b); }
MVQ_INLINE bool any(lanes a) { return a != 0; }
MVQ_INLINE vf select(lanes m, vf a, vf b) { return _mm512_mask_blend_ps(m, b, a); }
MVQ_INLINE vi select(lanes m, vi a, vi b) { return (vi)_mm512_mask_blend_epi32(m, (__m512i)b, (__m512i)a); }
MVQ_INLINE vf keep(lanes m, vf a) { return _mm512_maskz_mov_ps(m, a); }

MVQ_INLINE vf to_float(vi a) { return _mm512_cvtepi32_ps((__m512i)a); }
MVQ_INLINE vf root(vf a) { return _mm512_sqrt_ps(a); }
MVQ_INLINE float sum_of_lanes(vf a) { return _mm512_reduce_add_ps(a); }
MVQ_INLINE int32_t sum_of_lanes(vi a) { return _mm512_reduce_add_epi32((__m512i)a); }
MVQ_INLINE vf larger(vf a, vf b) { return _mm512_max_ps(a, b); }
MVQ_INLINE float largest_of_lanes(vf a) { return _mm512_reduce_max_ps(a); }
MVQ_INLINE int32_t largest_of_lanes(vi a) { return _mm512_reduce_max_epi32((__m512i)a); }

MVQ_INLINE lanes lanes_of_bits(uint32_t bits) { return lanes(bits); }
MVQ_INLINE uint32_t bits_of(lanes a) { return a; }

MVQ_INLINE void multiply_wide(vi a, uint32_t m, vi& low, vi& high) {
  const __m512i x = (__m512i)a, y = _mm512_set1_epi64(m);
  const __m512i even = _mm512_mul_epu32(x, y), odd = _mm512_mul_epu32(_mm512_srli_epi64(x, 32), y);
  low = (vi)_mm512_mask_blend_epi32(0xAAAA, even, _mm512_slli_epi64(odd, 32));
  high = (vi)_mm512_mask_blend_epi32(0xAAAA, _mm512_srli_epi64(even, 32), odd);
}

}  // namespace
}  // namespace mvq::MVQ_TIER
#include "simd/avx512_bytes.hpp"
