// Whether screening hypotheses costs less than scoring them all exactly, by the sizes: in nanoseconds of one core, of
// which only the ratios matter. And how they are screened: in bytes with AMX, else in halves.
#pragma once
#include "mvq.h"
#include "simd/pack.hpp"
#if defined(MVQ_SCREENS_HYPOTHESES)
#if defined(MVQ_SIMD_AMX) && !defined(MVQ_SCREEN_IN_BYTES)
#define MVQ_SCREEN_IN_BYTES
#elif !defined(MVQ_SCREEN_IN_BYTES)  // a build for tests tries the bytes without AMX
#define MVQ_SCREEN_IN_HALVES
#endif

namespace mvq::MVQ_TIER {
namespace {

struct ScreenedSizes {
  int64_t c, hidden, outputs;
  int64_t units, wide;   // hidden and outputs, padded
  int64_t chunk, depth;  // channels whose high bytes lie together; bytes of a hypothesis
};

/* Whether the triangle of a Gram matrix is clearly less than the last layer; see half_gram.hpp. */
MVQ_INLINE bool gram_pays(const ScreenedSizes& size) { return double(size.units + 16) / 2 < 0.8 * double(size.wide); }

bool screening_pays(const ScreenedSizes& size, double rows, double hypotheses) {
#if defined(MVQ_SCREEN_ALWAYS)  // a build for tests
  return size.c + rows + hypotheses > 0;
#endif
  const double units = double(size.units), wide = double(size.wide), c = double(size.c);
  const double macs = double(size.hidden) * double(size.c + size.outputs);
#if defined(MVQ_SCREEN_IN_BYTES)  // in nanoseconds of a Sapphire Rapids core
  constexpr double A_BYTE_PRODUCT = 0.00035;
  const double exact = 3 + 0.0118 * macs;
  const double screened = 8 + 0.045 * units + 0.06 * wide + A_BYTE_PRODUCT * units * (double(size.depth) + 3 * wide);
  const double a_row = 110 + 0.09 * units * c + 2.5 * exact;  // its first layer, and scoring its survivors
  const double a_call = 800 + 0.55 * units * (c + wide) + A_BYTE_PRODUCT * 1.5 * units * wide * wide;
  constexpr double SURE = 0.85;
#else  // of a Zen 4 core, in vectors of 8 and of 16: fitted to 364 sizes each
  const double exact = 11 + 0.0185 * macs;
  const double lines = gram_pays(size) ? (units + 16) / 2 : wide;
  const double screened = 10 + 0.003 * units * c + 0.011 * units * lines;
  const double a_row = 40 + 0.16 * units * c + 0.05 * macs + (gram_pays(size) ? 0.045 * units * wide : 0);
  const double a_call = 1500 + 1.3 * units * c + 0.7 * units * wide + 0.02 * units * lines * wide;
  constexpr double SURE = 0.9;
#endif
  return a_call + rows * (a_row + hypotheses * screened) < SURE * rows * hypotheses * exact;
}

}  // namespace
}  // namespace mvq::MVQ_TIER
#endif
