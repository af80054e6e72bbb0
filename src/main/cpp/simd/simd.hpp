// One vector type an instruction set; the kernels are written once on these names and compiled by isa_*.cpp.
//
// Every tier gives the same bits: a lane is a row or a hypothesis and never a summand, each lane does the operations of
// the scalar tier in the same order, a fused multiply-add is always asked for by name (-ffp-contract=off forbids the
// compiler its own), and division and square are correctly rounded everywhere.
// Only a NaN's sign and payload may differ.
//
//   vf, vi, lanes      W floats, W int32, W truth values
//   VECTORS, CODES     the register tile: VECTORS * W rows against CODES codes; CODES divides 8
//   min_or_second      the smaller; the second where either is NaN
//   not_at_least       !(a >= b): also true where either is NaN
//   is_number, any     lanes that are not NaN; whether a lane is true
//   bits_of            the truth values, the first lane the lowest bit
//   keep               the value, or 0 where the lane is false
//   transpose          W vectors as a square
//   sum_lanes          the sum of each of W vectors, a lane each
//   sum_half_lanes     the sums of the halves of each of W / 2 vectors, two lanes each
//   multiply_wide      the low and high halves of the 64-bit products of unsigned lanes
#pragma once
#include <cstdint>

#ifdef __CUDACC__
#define MVQ_INLINE static __forceinline__ __host__ __device__  // the scalar words serve a CUDA thread
#else
#define MVQ_INLINE static inline __attribute__((always_inline))
#endif
#define MVQ_NOINLINE static __attribute__((noinline))

#if defined(MVQ_SIMD_AVX512)
#include "simd/avx512.hpp"
#elif defined(MVQ_SIMD_AVX2)
#include "simd/avx2.hpp"
#elif defined(MVQ_SIMD_NEON)
#include "simd/neon.hpp"
#else
#include "simd/scalar.hpp"
#endif
#if defined(MVQ_SIMD_AVX512) || defined(MVQ_SIMD_AVX2) || defined(MVQ_SIMD_DOT)
#define MVQ_SCREENS_CODES  // byte products are fast enough for search/screen
#endif
#if defined(MVQ_SIMD_AVX512) || defined(MVQ_SIMD_AVX2)
#define MVQ_SCREENS_HYPOTHESES  // and those of halves for selection/screen
#endif
#if defined(MVQ_SIMD_VNNI) || defined(MVQ_SIMD_DOT)
#define MVQ_BYTES_IN_WORDS  // products of bytes come in sums of 4, in 32 bits; without it in sums of 2, in 16
#endif
#if defined(MVQ_SIMD_AVX512) || defined(MVQ_SIMD_AVX2) || defined(MVQ_SIMD_NEON)
#include "simd/transpose.hpp"
#endif

namespace mvq::MVQ_TIER {
namespace {

constexpr int TILE = VECTORS * W;  // rows or hypotheses a register tile
static_assert(8 % CODES == 0);

}  // namespace
}  // namespace mvq::MVQ_TIER
