// The virtual codes of a mask bank in bytes, made a block at a time: number k * masks + j is b_j * e_k.
#pragma once
#include "abi/tier.hpp"
#include "search/screen/byte_codes.hpp"

namespace mvq::MVQ_TIER {
namespace {

/* The masks of a bank as bytes, 255 = kept -> (m, words, 4). */
void expand_bank(const uint64_t* bank, int64_t m, int64_t d, int64_t words, uint8_t* bytes) {
  for (int64_t j = 0; j < m; ++j)
    for (int64_t i = 0; i < 4 * words; ++i)
      bytes[j * 4 * words + i] = i < d && mask_bit(bank + j * mask_words(d), i) ? 255 : 0;
}

/* Groups of virtual codes from code number `first` on into `block`, whose group 0 is the first. */
void make_bank_codes(const ByteCodes& codes, int64_t k, const uint8_t* masks, int64_t m, int64_t first, int64_t groups,
                     const ByteCodes& block) {
  const vi zero = broadcast_int(int32_t(BYTE_ZERO));
  int64_t code = first / m, mask = first % m;
  for (int64_t g = 0; g < groups; ++g) {
    const int64_t real = smaller(GROUP, k * m - (first + g * GROUP));
    for (int64_t lane = 0; lane < GROUP; ++lane) {
      const uint8_t *q = codes.rows + code * codes.words * 4, *kept = masks + mask * codes.words * 4;
      uint8_t* out = block.rows + (g * GROUP + lane) * codes.words * 4;
      for (int64_t i = 0; i < codes.words * 4; i += W * 4)
        store_int(out + i, add_bytes(signed_bytes(load_int(q + i)) & load_int(kept + i), zero));
      if (lane + 1 < real && ++mask == m) mask = 0, ++code;  // what fills up the last group repeats a code
    }
    if (++mask == m) mask = 0, ++code;
    rows_to_bytes(block, g);
    set_bias(block, g, real, Kind::bank);
  }
}

}  // namespace
}  // namespace mvq::MVQ_TIER
