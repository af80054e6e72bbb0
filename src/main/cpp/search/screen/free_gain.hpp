// The free mask in bytes. Where a code keeps a dimension it counts (e - z)^2, else z^2, so it counts z^2 less a gain:
//   min((e - z)^2, z^2) = z^2 - max(0, e (2 z - e)) = z^2 - |e| max(0, 2 s - |e|)
// where s is |z| if z and e have the same sign, else 0. The sum of z^2 is a row's own, so that a score is the sum of
// the gains: one product of bytes, both of them magnitudes, at most z^2. Rows hold 2 |z| and in a second half which
// bytes were negative; codes |e| and the same.
#pragma once
#include "simd/simd.hpp"

namespace mvq::MVQ_TIER {
namespace {

constexpr int32_t FREE_MOST = 127;  // the largest magnitude of a byte

/* 4 bytes of W vectors, and under a free mask what says which were negative. */
struct Word {
  vi bytes, negative;
};

/* What |e| is multiplied by. */
MVQ_INLINE vi gain_bytes(const Word& row, const Word& code) {
  return excess_bytes(where_same(row.bytes, row.negative, code.negative), code.bytes);
}

/* Signed bytes (half, width, 4) of codes or rows -> magnitudes, times `scale` (1 or 2), and a second
 * half that says which were negative. */
MVQ_INLINE void split_signs(uint8_t* bytes, int64_t width, int64_t half, int scale) {
  for (int64_t word = 0; word < half; ++word, bytes += width * 4) {
    const vi q = load_int(bytes), magnitude = absolute_bytes(q);
    store_int(bytes, scale == 2 ? add_bytes(magnitude, magnitude) : magnitude);
    store_int(bytes + half * width * 4, negative_bytes(q));
  }
}

}  // namespace
}  // namespace mvq::MVQ_TIER
