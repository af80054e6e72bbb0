// GELU in its exact form on the words of simd.hpp: the same operations in the same order in every tier and on CUDA.
#pragma once
#include "simd/simd.hpp"

namespace mvq::MVQ_TIER {
namespace {

/* e^-y for y in 0..87, relative error about 1e-7: 2^n times a polynomial in the rest, |rest| <= ln 2 / 2. */
MVQ_INLINE vf exp_minus(vf y) {
  const vf round = broadcast(12582912.0f);  // 1.5 * 2^23: adding it rounds to an integer, held in the low bits
  const vf shifted = fma(y, broadcast(-1.44269504f), round), n = shifted - round;
  vf rest = fma(n, broadcast(-0.693359375f), broadcast(0) - y);  // ln 2 in two parts: the first one is short, so exact
  rest = fma(n, broadcast(2.12194440e-4f), rest);
  vf sum = broadcast(1.0f / 720);
  sum = fma(sum, rest, broadcast(1.0f / 120));
  sum = fma(sum, rest, broadcast(1.0f / 24));
  sum = fma(sum, rest, broadcast(1.0f / 6));
  sum = fma(sum, rest, broadcast(0.5f));
  sum = fma(sum, rest, broadcast(1));
  sum = fma(sum, rest, broadcast(1));
  return sum * as_float((as_int(shifted) - as_int(round) + broadcast_int(127)) << 23);
}

/* x * Phi(x); erfc by Abramowitz and Stegun 7.1.26, absolute error below 2e-7. */
MVQ_INLINE vf gelu(vf x) {
  const vf s = absolute(x) * broadcast(0.707106781f), one = broadcast(1);
  const vf t = one / fma(s, broadcast(0.3275911f), one);
  vf sum = broadcast(1.061405429f);
  sum = fma(sum, t, broadcast(-1.453152027f));
  sum = fma(sum, t, broadcast(1.421413741f));
  sum = fma(sum, t, broadcast(-0.284496736f));
  sum = fma(sum, t, broadcast(0.254829592f));
  const vf half_erfc = broadcast(0.5f) * (sum * t * exp_minus(min_or_second(s * s, broadcast(87))));
  return x * select(less(x, broadcast(0)), half_erfc, one - half_erfc);  // NaN stays NaN: x is a factor
}

}  // namespace
}  // namespace mvq::MVQ_TIER
