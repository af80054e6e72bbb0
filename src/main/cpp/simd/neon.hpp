// 4 lanes: aarch64's Advanced SIMD. See simd.hpp for what the names mean.
#pragma once
#include <arm_neon.h>

namespace mvq::MVQ_TIER {
namespace {

constexpr int W = 4, VECTORS = 3, CODES = 8;  // 24 accumulators of 32 registers
typedef float32x4_t vf;
typedef int32x4_t vi;
using lanes = vi;  // -1 or 0

MVQ_INLINE vf load(const float* p) { return vld1q_f32(p); }
MVQ_INLINE void store(float* p, vf a) { vst1q_f32(p, a); }
MVQ_INLINE vi load_int(const void* p) { return vld1q_s32((const int32_t*)p); }
MVQ_INLINE void store_int(void* p, vi a) { vst1q_s32((int32_t*)p, a); }
MVQ_INLINE vf broadcast(float a) { return vdupq_n_f32(a); }
MVQ_INLINE vi broadcast_int(int32_t a) { return vdupq_n_s32(a); }
MVQ_INLINE vi lane_numbers() { return vi{0, 1, 2, 3}; }

MVQ_INLINE vf fma(vf a, vf b, vf c) { return vfmaq_f32(c, a, b); }
MVQ_INLINE vf min_or_second(vf a, vf b) { return vbslq_f32(vcltq_f32(a, b), a, b); }
MVQ_INLINE vf absolute(vf a) { return vabsq_f32(a); }
MVQ_INLINE vi as_int(vf a) { return vreinterpretq_s32_f32(a); }
MVQ_INLINE vf as_float(vi a) { return vreinterpretq_f32_s32(a); }

MVQ_INLINE lanes less(vf a, vf b) { return (vi)vcltq_f32(a, b); }
MVQ_INLINE lanes not_at_least(vf a, vf b) { return ~(vi)vcgeq_f32(a, b); }
MVQ_INLINE lanes is_number(vf a) { return (vi)vceqq_f32(a, a); }
MVQ_INLINE lanes less(vi a, vi b) { return (vi)vcltq_s32(a, b); }
MVQ_INLINE lanes equal(vi a, vi b) { return (vi)vceqq_s32(a, b); }
MVQ_INLINE lanes has_bit(vi a, vi bit) { return (vi)vtstq_s32(a, bit); }
MVQ_INLINE lanes both(lanes a, lanes b) { return a & b; }
MVQ_INLINE lanes either(lanes a, lanes b) { return a | b; }
MVQ_INLINE bool any(lanes a) { return vmaxvq_u32((uint32x4_t)a) != 0; }
MVQ_INLINE uint32_t bits_of(lanes a) { return uint32_t(vaddvq_s32(a & vi{1, 2, 4, 8})); }
MVQ_INLINE vf select(lanes m, vf a, vf b) { return vbslq_f32((uint32x4_t)m, a, b); }
MVQ_INLINE vi select(lanes m, vi a, vi b) { return vbslq_s32((uint32x4_t)m, a, b); }
MVQ_INLINE vf keep(lanes m, vf a) { return as_float(m & as_int(a)); }

MVQ_INLINE void multiply_wide(vi a, uint32_t m, vi& low, vi& high) {
  const uint32x4_t x = (uint32x4_t)a;
  const uint32x4_t first = vreinterpretq_u32_u64(vmull_n_u32(vget_low_u32(x), m));
  const uint32x4_t last = vreinterpretq_u32_u64(vmull_n_u32(vget_high_u32(x), m));
  low = (vi)vuzp1q_u32(first, last);
  high = (vi)vuzp2q_u32(first, last);
}

}  // namespace
}  // namespace mvq::MVQ_TIER
#if defined(MVQ_SIMD_DOT)
#include "simd/neon_bytes.hpp"
#endif
