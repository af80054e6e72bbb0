// Rules that the CPU and the CUDA kernels share: mask words, what wins, Philox and the dropout masks it makes.
// Everything is static: one copy a translation unit, so no weak symbol carries a newer instruction set to an old CPU.
#pragma once
#include <cstdint>

#ifdef __CUDACC__
#define MVQ_HD static inline __host__ __device__
#else
#define MVQ_HD static inline
#endif

namespace mvq {

/* uint64 words in a mask of so many bits. */
MVQ_HD int64_t mask_words(int64_t bits) { return (bits + 63) / 64; }

MVQ_HD bool mask_bit(const uint64_t* mask, int64_t bit) { return (mask[bit / 64] >> (bit % 64)) & 1; }

/* The bits of mask word `word` that lie before the end of a mask of `bits` bits. */
MVQ_HD uint64_t mask_word_valid(int64_t bits, int64_t word) {
  const int64_t left = bits - 64 * word;
  return left >= 64 ? ~uint64_t{0} : (uint64_t{1} << left) - 1;
}

/* Whether (value, index) comes before (other, other_index): smaller first, then the lowest index. No NaN here. */
MVQ_HD bool comes_before(float value, int64_t index, float other, int64_t other_index) {
  return value < other || (value == other && index < other_index);
}

/* (distance, index) as one integer, to be minimised: it sorts as comes_before, and every NaN after NOTHING. A distance
 * is never negative, so its bits rise with it; a computed NaN has the quiet bit set. */
constexpr uint32_t NOTHING_WON = 0x7F800001u;  // just after +inf, before every quiet NaN
MVQ_HD uint32_t distance_bits(float distance) {
  uint32_t bits;
  __builtin_memcpy(&bits, &distance, sizeof bits);
  return bits & 0x7FFFFFFFu;
}
MVQ_HD uint64_t ranked(uint32_t bits, uint32_t index) { return uint64_t{bits} << 32 | index; }
constexpr uint64_t NO_RANK = uint64_t{NOTHING_WON} << 32;

/* What keeping dimension d of a code adds to the distance: (z - e)^2 - z^2, each step rounded. */
MVQ_HD float cost_of_keeping(float z, float e) {
  const float t = e - z, with = t * t, without = z * z;
  return with - without;
}

/* Philox4x32-10 (Salmon et al., SC 2011): replaces the counter block by its random words. */
constexpr uint32_t PHILOX_M0 = 0xD2511F53u, PHILOX_M1 = 0xCD9E8D57u;  // round multipliers
constexpr uint32_t PHILOX_W0 = 0x9E3779B9u, PHILOX_W1 = 0xBB67AE85u;  // key increments
constexpr int PHILOX_ROUNDS = 10;
MVQ_HD void philox4x32(uint32_t x[4], uint64_t key) {
  uint32_t k0 = uint32_t(key), k1 = uint32_t(key >> 32);
  for (int round = 0; round < PHILOX_ROUNDS; ++round, k0 += PHILOX_W0, k1 += PHILOX_W1) {
    const uint64_t p0 = uint64_t{PHILOX_M0} * x[0], p1 = uint64_t{PHILOX_M1} * x[2];
    x[0] = uint32_t(p1 >> 32) ^ x[1] ^ k0;
    x[2] = uint32_t(p0 >> 32) ^ x[3] ^ k1;
    x[1] = uint32_t(p1);
    x[3] = uint32_t(p0);
  }
}

/* A keep probability in 65536ths, rounded to the nearest. */
constexpr uint32_t KEEP_ALL = 65536;
MVQ_HD uint32_t keep_in_65536ths(double keep) { return uint32_t(keep * KEEP_ALL + 0.5); }

/* The highest plane that matters for q in 1..65535: higher planes AND into zero. At keep = 0.5 it is 0. */
MVQ_HD int last_plane(uint32_t q) {
  int plane = 15;
  while (!((q >> (15 - plane)) & 1)) --plane;
  return plane;
}

/* Dropout mask word `word` of (row, hypothesis) at keep = q / 65536; bits past the end are not cleared. */
MVQ_HD uint64_t dropout_mask_word(uint64_t seed, uint64_t row, uint32_t hypothesis, int64_t word, uint32_t q) {
  if (q == 0) return 0;
  if (q >= KEEP_ALL) return ~uint64_t{0};
  uint64_t bits = 0;
  for (int plane = last_plane(q); plane >= 0; --plane) {
    uint32_t x[4] = {uint32_t(16 * (word / 2) + plane), hypothesis, uint32_t(row), uint32_t(row >> 32)};
    philox4x32(x, seed);
    const uint64_t drawn = word % 2 ? x[2] | uint64_t{x[3]} << 32 : x[0] | uint64_t{x[1]} << 32;
    bits = (q >> (15 - plane)) & 1 ? drawn | bits : drawn & bits;
  }
  return bits;
}

}  // namespace mvq
