// Bytes on aarch64's Advanced SIMD with its dot products (`sdot`, `udot`), for the screens: 16 products of two signed
// or of two unsigned bytes an instruction, in sums of 4. Products of both signs, which x86 has, would need another
// extension (I8MM); so what is "unsigned" elsewhere is signed here too, nothing is added to make it so, and the squares
// that row masks need are kept coarsely enough to fit a signed byte.
#pragma once

namespace mvq::MVQ_TIER {
namespace {

constexpr int32_t BYTE_MOST = 127;    // the largest magnitude of a signed byte
constexpr int32_t SQUARE_UNIT = 128;  // squares of signed bytes are kept in bytes as multiples of it, up to 126
constexpr uint32_t BYTE_ZERO = 0;     // what makes four signed bytes unsigned

MVQ_INLINE vf root(vf a) { return vsqrtq_f32(a); }
MVQ_INLINE vf to_float(vi a) { return vcvtq_f32_s32(a); }
MVQ_INLINE vi round_to_int(vf a) { return vcvtnq_s32_f32(a); }  // NaN becomes 0
MVQ_INLINE vi smaller(vi a, vi b) { return vminq_s32(a, b); }
MVQ_INLINE vi larger(vi a, vi b) { return vmaxq_s32(a, b); }
MVQ_INLINE lanes not_less(vi a, vi b) { return (vi)vcgeq_s32(a, b); }
MVQ_INLINE int count(lanes a) { return -vaddvq_s32(a); }
MVQ_INLINE int first_of(lanes a) { return __builtin_ctz(bits_of(a)); }
MVQ_INLINE lanes lanes_of_bits(uint32_t bits) { return has_bit(broadcast_int(int32_t(bits)), vi{1, 2, 4, 8}); }

MVQ_INLINE vi add_bytes(vi a, vi b) { return (vi)vaddq_s8((int8x16_t)a, (int8x16_t)b); }
MVQ_INLINE vi subtract_bytes(vi a, vi b) { return (vi)vsubq_s8((int8x16_t)a, (int8x16_t)b); }
MVQ_INLINE vi absolute_bytes(vi a) { return (vi)vabsq_s8((int8x16_t)a); }
MVQ_INLINE vi negative_bytes(vi a) { return (vi)vcltzq_s8((int8x16_t)a); }                      // -1 or 0
MVQ_INLINE vi excess_bytes(vi a, vi b) { return (vi)vqsubq_u8((uint8x16_t)a, (uint8x16_t)b); }  // a - b where a > b
MVQ_INLINE vi where_same(vi a, vi b, vi c) {
  return vbicq_s32(a, b ^ c);
}  // the bits of a in which b and c are the same
MVQ_INLINE vi larger_signed_bytes(vi a, vi b) { return (vi)vmaxq_s8((int8x16_t)a, (int8x16_t)b); }

/* Adds to each lane the dot product of 4 and 4 signed bytes. */
MVQ_INLINE void add_dot_bytes(vi& sum, vi a, vi b) { sum = vdotq_s32(sum, (int8x16_t)a, (int8x16_t)b); }
/* The same, b being those of one lane for all. */
template <int LANE>
MVQ_INLINE void add_dot_bytes_of(vi& sum, vi a, vi b) {
  sum = vdotq_laneq_s32(sum, (int8x16_t)a, (int8x16_t)b, LANE);
}
/* The dot product of 4 and 4 magnitudes, up to 255. */
MVQ_INLINE void add_dot_magnitudes(vi& sum, vi a, vi b) {
  sum = (vi)vdotq_u32((uint32x4_t)sum, (uint8x16_t)a, (uint8x16_t)b);
}

/* Squares of magnitudes up to 127 -> bytes, the nearest multiples of SQUARE_UNIT; and what these leave over. */
MVQ_INLINE vi square_bytes(vi q, vi& error) {
  const uint8x16_t x = (uint8x16_t)q;
  const uint16x8_t low = vmull_u8(vget_low_u8(x), vget_low_u8(x)), high = vmull_high_u8(x, x);
  const uint8x16_t byte = vrshrn_high_n_u16(vrshrn_n_u16(low, 7), high, 7);
  const uint8x16_t least = (uint8x16_t)vshlq_n_u8(byte, 7);  // of the multiples' 16 bits; and of the squares':
  error = (vi)vsubq_u8(vuzp1q_u8((uint8x16_t)low, (uint8x16_t)high), least);
  return (vi)byte;
}

/* The lanes that are true first, in order; the others are left as anything. */
MVQ_INLINE vi true_lanes_first(lanes m, vi a) {
  struct Orders {
    uint8_t of[16][16];  // by the truth values, the bytes to take
    constexpr Orders() : of() {
      for (int truth = 0; truth < 16; ++truth)
        for (int lane = 0, at = 0; lane < 4; ++lane)
          if (truth >> lane & 1)
            for (int byte = 0; byte < 4; ++byte) of[truth][at++] = uint8_t(4 * lane + byte);
    }
  };
  static constexpr Orders ORDERS;
  return (vi)vqtbl1q_u8((uint8x16_t)a, vld1q_u8(ORDERS.of[bits_of(m)]));
}

}  // namespace
}  // namespace mvq::MVQ_TIER
