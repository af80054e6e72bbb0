// Whether screening hypotheses costs less than scoring them all exactly, by the sizes: in nanoseconds of one core with AMX,
// of which only the ratios matter.
#pragma once
#include "mvq.h"
#include "pack.hpp"
#if defined(MVQ_SIMD_VNNI)

namespace mvq::MVQ_TIER {
namespace {

#if defined(MVQ_SIMD_AMX)
constexpr double A_BYTE_PRODUCT = 0.00035;
#else
constexpr double A_BYTE_PRODUCT = 0.0027;
#endif

struct ScreenedSizes {
  int64_t c, hidden, outputs;
  int64_t units, wide;   // hidden and outputs, padded
  int64_t chunk, depth;  // channels whose high bytes lie together; bytes of a hypothesis
};

bool screening_pays(const ScreenedSizes& size, double rows, double hypotheses) {
#if defined(MVQ_SCREEN_ALWAYS)  // a build for tests
  return size.c + rows + hypotheses > 0;
#endif
  const double units = double(size.units), wide = double(size.wide), c = double(size.c);
  const double exact = 3 + 0.0118 * double(size.hidden) * double(size.c + size.outputs);
  const double screened = 8 + 0.045 * units + 0.06 * wide + A_BYTE_PRODUCT * units * (double(size.depth) + 3 * wide);
  const double a_row = 110 + 0.09 * units * c + 2.5 * exact;  // its first layer, and scoring its survivors
  const double a_call = 800 + 0.55 * units * (c + wide) + A_BYTE_PRODUCT * 1.5 * units * wide * wide;
  return a_call + rows * (a_row + hypotheses * screened) < 0.85 * rows * hypotheses * exact;
}

}  // namespace
}  // namespace mvq::MVQ_TIER
#endif
