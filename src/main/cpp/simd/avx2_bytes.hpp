// Bytes and halves on AVX2, for the screens: `vpmaddubsw` multiplies 32 pairs of bytes at a time, but into halves of 16
// bits that saturate. So bytes have 7 bits here: the sum of two products stays within a half, and so do sums of a few
// words where scores_in_halves.hpp has seen to it.
#pragma once

namespace mvq::MVQ_TIER {
namespace {

constexpr int32_t BYTE_MOST = 63;           // the largest magnitude of a signed byte
constexpr int32_t SQUARE_UNIT = 32;         // squares of signed bytes are kept in bytes as multiples of it
constexpr uint32_t BYTE_ZERO = 0x40404040;  // what makes four signed bytes unsigned

MVQ_INLINE vi add_bytes(vi a, vi b) { return (vi)_mm256_add_epi8((__m256i)a, (__m256i)b); }
MVQ_INLINE vi subtract_bytes(vi a, vi b) { return (vi)_mm256_sub_epi8((__m256i)a, (__m256i)b); }
MVQ_INLINE vi absolute_bytes(vi a) { return (vi)_mm256_abs_epi8((__m256i)a); }
MVQ_INLINE vi negative_bytes(vi a) { return (vi)_mm256_cmpgt_epi8(_mm256_setzero_si256(), (__m256i)a); }  // -1 or 0
MVQ_INLINE vi excess_bytes(vi a, vi b) { return (vi)_mm256_subs_epu8((__m256i)a, (__m256i)b); }  // a - b where a > b
MVQ_INLINE vi where_same(vi a, vi b, vi c) { return (vi)_mm256_andnot_si256((__m256i)(b ^ c), (__m256i)a); }  // in bits
MVQ_INLINE vi larger_signed_bytes(vi a, vi b) { return (vi)_mm256_max_epi8((__m256i)a, (__m256i)b); }

/* Sums of two products of unsigned and signed bytes, in halves. */
MVQ_INLINE vi byte_products(vi unsigned_bytes, vi signed_bytes) {
  return (vi)_mm256_maddubs_epi16((__m256i)unsigned_bytes, (__m256i)signed_bytes);
}
MVQ_INLINE vi add_halves_saturated(vi a, vi b) { return (vi)_mm256_adds_epi16((__m256i)a, (__m256i)b); }
MVQ_INLINE vi add_halves(vi a, vi b) { return (vi)_mm256_add_epi16((__m256i)a, (__m256i)b); }
/* Adds byte_products, the signed bytes in a register or in memory. Not the builtins: gcc 12 spills its sums. */
MVQ_INLINE void add_byte_products(vi& sum, vi unsigned_bytes, vi signed_bytes) {
  vi products;
  asm("vpmaddubsw %3, %2, %1\n\tvpaddw %1, %0, %0"
      : "+x"(sum), "=&x"(products)
      : "x"(unsigned_bytes), "x"(signed_bytes));
}
MVQ_INLINE void add_byte_products(vi& sum, vi unsigned_bytes, const uint8_t* signed_bytes) {
  vi products;
  asm("vpmaddubsw %3, %2, %1\n\tvpaddw %1, %0, %0"
      : "+x"(sum), "=&x"(products)
      : "x"(unsigned_bytes), "m"(*reinterpret_cast<const uint8_t(*)[4 * W]>(signed_bytes)));
}
MVQ_INLINE vi larger_halves(vi a, vi b) { return (vi)_mm256_max_epi16((__m256i)a, (__m256i)b); }
/* `factor` times the sums of two neighbours. */
MVQ_INLINE vi add_pairs_of_halves(vi a, int16_t factor) {
  return (vi)_mm256_madd_epi16((__m256i)a, _mm256_set1_epi16(factor));
}

MVQ_INLINE vi scale_halves(vi a, int16_t factor) {  // by factor / 2^15, rounded
  return (vi)_mm256_mulhrs_epi16((__m256i)a, _mm256_set1_epi16(factor));
}
template <int BITS>
MVQ_INLINE vi shift_halves(vi a) {
  return (vi)_mm256_srli_epi16((__m256i)a, BITS);
}
MVQ_INLINE vi pack_halves(vi a, vi b) {
  return (vi)_mm256_packs_epi32((__m256i)a, (__m256i)b);
}  // 128 bits each in turn
MVQ_INLINE vi load_halves(const int16_t* p) { return (vi)_mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i*)p)); }
MVQ_INLINE void store_halves(int16_t* p, vi a) {
  _mm_storeu_si128((__m128i*)p,
                   _mm_packs_epi32(_mm256_castsi256_si128((__m256i)a), _mm256_extracti128_si256((__m256i)a, 1)));
}
MVQ_INLINE void store_bytes(void* p, vi a) {  // of W values within -128..127
  const __m128i halves = _mm_packs_epi32(_mm256_castsi256_si128((__m256i)a), _mm256_extracti128_si256((__m256i)a, 1));
  _mm_storel_epi64((__m128i*)p, _mm_packs_epi16(halves, halves));
}

/* Adds to each lane the dot product of 2 and 2 signed halves. */
MVQ_INLINE void add_dot_halves(vi& sum, vi a, vi b) { sum += (vi)_mm256_madd_epi16((__m256i)a, (__m256i)b); }

/* Adds to each lane the dot product of 4 unsigned and 4 signed bytes; no two products may leave a half. */
MVQ_INLINE void add_dot_bytes(vi& sum, vi unsigned_bytes, vi signed_bytes) {
  sum += add_pairs_of_halves(byte_products(unsigned_bytes, signed_bytes), 1);
}

/* Squares of unsigned bytes -> bytes, the nearest multiples of SQUARE_UNIT; and what these leave over. */
MVQ_INLINE vi square_bytes(vi q, vi& error) {
  const __m256i zero = _mm256_setzero_si256(), half = _mm256_set1_epi16(SQUARE_UNIT / 2);
  __m256i byte[2], rest[2];
  for (int s = 0; s < 2; ++s) {  // packing below undoes the order of these halves
    const __m256i wide = s ? _mm256_unpackhi_epi8((__m256i)q, zero) : _mm256_unpacklo_epi8((__m256i)q, zero);
    const __m256i square = _mm256_mullo_epi16(wide, wide);
    byte[s] = _mm256_srli_epi16(_mm256_add_epi16(square, half), 5);
    rest[s] = _mm256_sub_epi16(square, _mm256_slli_epi16(byte[s], 5));
  }
  error = (vi)_mm256_packs_epi16(rest[0], rest[1]);
  return (vi)_mm256_packus_epi16(byte[0], byte[1]);
}

/* The lanes that are true first, in order; the others are left as anything. */
MVQ_INLINE vi true_lanes_first(lanes m, vi a) {
  struct Orders {
    uint64_t of[256];  // by the truth values, a byte a lane
    constexpr Orders() : of() {
      for (int truth = 0; truth < 256; ++truth)
        for (int lane = 0, at = 0; lane < 8; ++lane)
          if (truth >> lane & 1) of[truth] |= uint64_t(lane) << (8 * at++);
    }
  };
  static constexpr Orders ORDERS;
  const __m256i order = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128(int64_t(ORDERS.of[_mm256_movemask_ps((__m256)m)])));
  return (vi)_mm256_permutevar8x32_epi32((__m256i)a, order);
}

}  // namespace
}  // namespace mvq::MVQ_TIER
