// 1 lane: plain C++, the reference that the other tiers must equal. See simd.hpp for what the names mean.
#pragma once

namespace mvq::MVQ_TIER {
namespace {

constexpr int W = 1, VECTORS = 3, CODES = 4;
using vf = float;
using vi = int32_t;
using lanes = bool;

MVQ_INLINE vf load(const float* p) { return *p; }
MVQ_INLINE void store(float* p, vf a) { *p = a; }
MVQ_INLINE vi load_int(const void* p) { return *static_cast<const int32_t*>(p); }
MVQ_INLINE void store_int(void* p, vi a) { *static_cast<int32_t*>(p) = a; }
MVQ_INLINE vf broadcast(float a) { return a; }
MVQ_INLINE vi broadcast_int(int32_t a) { return a; }
MVQ_INLINE vi lane_numbers() { return 0; }

MVQ_INLINE vf fma(vf a, vf b, vf c) { return __builtin_fmaf(a, b, c); }  // libm's where the CPU has no such instruction
MVQ_INLINE vf min_or_second(vf a, vf b) { return a < b ? a : b; }
MVQ_INLINE vf absolute(vf a) { return __builtin_fabsf(a); }
MVQ_INLINE vi as_int(vf a) { return __builtin_bit_cast(vi, a); }
MVQ_INLINE vf as_float(vi a) { return __builtin_bit_cast(vf, a); }

MVQ_INLINE lanes less(vf a, vf b) { return a < b; }
MVQ_INLINE lanes not_at_least(vf a, vf b) { return !(a >= b); }
MVQ_INLINE lanes is_number(vf a) { return a == a; }
MVQ_INLINE lanes less(vi a, vi b) { return a < b; }
MVQ_INLINE lanes equal(vi a, vi b) { return a == b; }
MVQ_INLINE lanes has_bit(vi a, vi bit) { return (a & bit) != 0; }
MVQ_INLINE lanes both(lanes a, lanes b) { return a && b; }
MVQ_INLINE lanes either(lanes a, lanes b) { return a || b; }
MVQ_INLINE bool any(lanes a) { return a; }
MVQ_INLINE uint32_t bits_of(lanes a) { return a; }
MVQ_INLINE vf select(lanes m, vf a, vf b) { return m ? a : b; }
MVQ_INLINE vi select(lanes m, vi a, vi b) { return m ? a : b; }
MVQ_INLINE vf keep(lanes m, vf a) { return m ? a : 0.0f; }

MVQ_INLINE void transpose(vf*) {}
MVQ_INLINE vf sum_lanes(vf* x) { return x[0]; }
MVQ_INLINE vf sum_half_lanes(vf* x) { return x[0]; }  // never called: a lane has no half

MVQ_INLINE void multiply_wide(vi a, uint32_t m, vi& low, vi& high) {
  const uint64_t product = uint64_t{uint32_t(a)} * m;
  low = vi(product);
  high = vi(product >> 32);
}

}  // namespace
}  // namespace mvq::MVQ_TIER
