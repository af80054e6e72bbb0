// Bytes and halves on AVX-512, for the screens: with VNNI dot products of 4 bytes or 2 halves into int32, without it
// those of avx2_bytes.hpp in vectors twice as wide.
#pragma once

namespace mvq::MVQ_TIER {
namespace {

#if defined(MVQ_SIMD_VNNI)
constexpr int32_t BYTE_MOST = 127;          // the largest magnitude of a signed byte
constexpr int SQUARE_BITS = 6;              // squares of signed bytes are kept in bytes as multiples of 2 to this
constexpr uint32_t BYTE_ZERO = 0x80808080;  // what makes four signed bytes unsigned
#else                                       // 7 bits: `vpmaddubsw` adds two products into a half, which saturates
constexpr int32_t BYTE_MOST = 63;
constexpr int SQUARE_BITS = 5;
constexpr uint32_t BYTE_ZERO = 0x40404040;
#endif
constexpr int32_t SQUARE_UNIT = 1 << SQUARE_BITS;

MVQ_INLINE vi round_to_int(vf a) { return (vi)_mm512_cvtps_epi32(a); }  // NaN becomes the least integer
MVQ_INLINE vi smaller(vi a, vi b) { return (vi)_mm512_min_epi32((__m512i)a, (__m512i)b); }
MVQ_INLINE vi larger(vi a, vi b) { return (vi)_mm512_max_epi32((__m512i)a, (__m512i)b); }
MVQ_INLINE lanes not_less(vi a, vi b) { return _mm512_cmpge_epi32_mask((__m512i)a, (__m512i)b); }
MVQ_INLINE vi add_bytes(vi a, vi b) { return (vi)_mm512_add_epi8((__m512i)a, (__m512i)b); }
MVQ_INLINE vi subtract_bytes(vi a, vi b) { return (vi)_mm512_sub_epi8((__m512i)a, (__m512i)b); }
MVQ_INLINE vi absolute_bytes(vi a) { return (vi)_mm512_abs_epi8((__m512i)a); }
MVQ_INLINE vi negative_bytes(vi a) { return (vi)_mm512_movm_epi8(_mm512_movepi8_mask((__m512i)a)); }  // -1 or 0
MVQ_INLINE vi excess_bytes(vi a, vi b) { return (vi)_mm512_subs_epu8((__m512i)a, (__m512i)b); }  // a - b where a > b
MVQ_INLINE vi where_same(vi a, vi b, vi c) {  // the bits of a in which b and c are the same
  return (vi)_mm512_ternarylogic_epi64((__m512i)a, (__m512i)b, (__m512i)c, 0x90);
}
MVQ_INLINE vi larger_signed_bytes(vi a, vi b) { return (vi)_mm512_max_epi8((__m512i)a, (__m512i)b); }
MVQ_INLINE int count(lanes a) { return __builtin_popcount(a); }
MVQ_INLINE vi true_lanes_first(lanes m, vi a) { return (vi)_mm512_maskz_compress_epi32(m, (__m512i)a); }
MVQ_INLINE int first_of(lanes a) { return __builtin_ctz(a); }

/* Squares of unsigned bytes -> bytes, the nearest multiples of SQUARE_UNIT; and what these leave over. */
MVQ_INLINE vi square_bytes(vi q, vi& error) {
  const __m512i zero = _mm512_setzero_si512(), half = _mm512_set1_epi16(SQUARE_UNIT / 2);
  __m512i byte[2], rest[2];
  for (int s = 0; s < 2; ++s) {  // packing below undoes the order of these halves
    const __m512i wide = s ? _mm512_unpackhi_epi8((__m512i)q, zero) : _mm512_unpacklo_epi8((__m512i)q, zero);
    const __m512i square = _mm512_mullo_epi16(wide, wide);
    byte[s] = _mm512_srli_epi16(_mm512_add_epi16(square, half), SQUARE_BITS);
    rest[s] = _mm512_sub_epi16(square, _mm512_slli_epi16(byte[s], SQUARE_BITS));
  }
  error = (vi)_mm512_packs_epi16(rest[0], rest[1]);
  return (vi)_mm512_packus_epi16(byte[0], byte[1]);
}
MVQ_INLINE vi add_halves(vi a, vi b) { return (vi)_mm512_add_epi16((__m512i)a, (__m512i)b); }
MVQ_INLINE vi larger_halves(vi a, vi b) { return (vi)_mm512_max_epi16((__m512i)a, (__m512i)b); }
MVQ_INLINE vi scale_halves(vi a, int16_t factor) {  // by factor / 2^15, rounded
  return (vi)_mm512_mulhrs_epi16((__m512i)a, _mm512_set1_epi16(factor));
}
template <int BITS>
MVQ_INLINE vi shift_halves(vi a) {
  return (vi)_mm512_srli_epi16((__m512i)a, BITS);
}
MVQ_INLINE vi pack_halves(vi a, vi b) {
  return (vi)_mm512_packs_epi32((__m512i)a, (__m512i)b);
}  // 128 bits each in turn
MVQ_INLINE vi load_halves(const int16_t* p) { return (vi)_mm512_cvtepi16_epi32(_mm256_loadu_si256((const __m256i*)p)); }
MVQ_INLINE void store_halves(int16_t* p, vi a) { _mm256_storeu_si256((__m256i*)p, _mm512_cvtepi32_epi16((__m512i)a)); }
MVQ_INLINE void store_bytes(void* p, vi a) { _mm_storeu_si128((__m128i*)p, _mm512_cvtepi32_epi8((__m512i)a)); }

#if defined(MVQ_SIMD_VNNI)
/* Adds to each lane the dot product of 4 unsigned and 4 signed bytes, or of 2 and 2 signed halves. Not the builtins:
 * gcc 12 spills their sums. */
MVQ_INLINE void add_dot_bytes(vi& sum, vi unsigned_bytes, vi signed_bytes) {
  asm("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(unsigned_bytes), "v"(signed_bytes));
}
/* The dot product of 4 and 4 magnitudes, the second ones up to 127. */
MVQ_INLINE void add_dot_magnitudes(vi& sum, vi a, vi b) { add_dot_bytes(sum, a, b); }
MVQ_INLINE void add_dot_halves(vi& sum, vi a, vi b) { asm("vpdpwssd %2, %1, %0" : "+v"(sum) : "v"(a), "v"(b)); }
#else
MVQ_INLINE vi add_halves_saturated(vi a, vi b) { return (vi)_mm512_adds_epi16((__m512i)a, (__m512i)b); }
/* Sums of two products of unsigned and signed bytes, in halves. */
MVQ_INLINE vi byte_products(vi unsigned_bytes, vi signed_bytes) {
  return (vi)_mm512_maddubs_epi16((__m512i)unsigned_bytes, (__m512i)signed_bytes);
}
/* Adds byte_products, the signed bytes in a register or in memory. */
MVQ_INLINE void add_byte_products(vi& sum, vi unsigned_bytes, vi signed_bytes) {
  vi products;
  asm("vpmaddubsw %3, %2, %1\n\tvpaddw %1, %0, %0"
      : "+v"(sum), "=&v"(products)
      : "v"(unsigned_bytes), "v"(signed_bytes));
}
MVQ_INLINE void add_byte_products(vi& sum, vi unsigned_bytes, const uint8_t* signed_bytes) {
  add_byte_products(sum, unsigned_bytes, load_int(signed_bytes));
}
/* `factor` times the sums of two neighbours. */
MVQ_INLINE vi add_pairs_of_halves(vi a, int16_t factor) {
  return (vi)_mm512_madd_epi16((__m512i)a, _mm512_set1_epi16(factor));
}
/* The dot product of 4 unsigned and 4 signed bytes; no two products may leave a half. And of 2 and 2 signed halves. */
MVQ_INLINE void add_dot_bytes(vi& sum, vi unsigned_bytes, vi signed_bytes) {
  sum += add_pairs_of_halves(byte_products(unsigned_bytes, signed_bytes), 1);
}
MVQ_INLINE void add_dot_halves(vi& sum, vi a, vi b) { sum += (vi)_mm512_madd_epi16((__m512i)a, (__m512i)b); }
#endif

}  // namespace
}  // namespace mvq::MVQ_TIER
