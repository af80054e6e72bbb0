#include "data.hpp"

namespace {

Words masks_of(const mvq::Tier& tier, int threads, int64_t n, int64_t h, int64_t c, mvq_dropout dropout) {
  Words masks(n * h * mvq::mask_words(c), 7);
  run(tier, &mvq::Tier::dropout_masks, mvq_dropout_masks_args{n, h, c, dropout, masks.data()}, threads);
  return masks;
}

TEST(philoxGivesTheKnownAnswers) {
  // Random123's kat_vectors, philox 4x32, 10 rounds
  const struct {
    uint32_t counter[4];
    uint64_t key;
    uint32_t answer[4];
  } known[] = {{{0, 0, 0, 0}, 0, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
               {{~0u, ~0u, ~0u, ~0u}, ~uint64_t{0}, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
               {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                0x299f31d0a4093822,
                {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}};
  for (const auto& k : known) {
    uint32_t x[4];
    std::memcpy(x, k.counter, sizeof x);
    mvq::philox4x32(x, k.key);
    CHECK(std::memcmp(x, k.answer, sizeof x) == 0);
  }
}

TEST(firstMaskOfSeedZeroIsTheKnownAnswer) {
  on_every_tier([](const mvq::Tier& tier, int threads) {
    const Words masks = masks_of(tier, threads, 1, 1, 128, {0, 0, 0.5});
    CHECK_EQUAL(masks[0], 0xe169c58d6627e8d5u);
    CHECK_EQUAL(masks[1], 0x9b00dbd8bc57ac4cu);
  });
}

TEST(everyTierEqualsOneMaskAtATime) {
  for (double keep : {0.0, 1e-9, 1.0 / 65536, 0.1, 0.25, 0.5, 0.75, 0.9, 65535.0 / 65536, 1 - 1e-9, 1.0})
    for (int64_t c : {1, 31, 32, 33, 63, 64, 65, 127, 128, 129, 200}) {
      const int64_t n = 3, h = c % 2 ? 17 : 50, first_row = int64_t{1} << 33, words = mvq::mask_words(c);
      on_every_tier([&](const mvq::Tier& tier, int threads) {
        const Words masks = masks_of(tier, threads, n, h, c, {987654321987654321u, first_row, keep});
        for (int64_t i = 0; i < n; ++i)
          for (int64_t j = 0; j < h; ++j)
            for (int64_t w = 0; w < words; ++w)
              CHECK_EQUAL(masks[(i * h + j) * words + w],
                          mvq::dropout_mask_word(987654321987654321u, uint64_t(first_row + i), uint32_t(j), w,
                                                 mvq::keep_in_65536ths(keep)) &
                              mvq::mask_word_valid(c, w));
      });
    }
}

TEST(bitsPastTheEndAreZero) {
  on_every_tier([](const mvq::Tier& tier, int threads) {
    for (int64_t c : {1, 63, 65, 100})
      for (double keep : {0.5, 1.0}) {
        const Words masks = masks_of(tier, threads, 1, 40, c, {9, 0, keep});
        for (size_t last = mvq::mask_words(c) - 1; last < masks.size(); last += mvq::mask_words(c))
          CHECK_EQUAL(masks[last] >> (c % 64), 0u);
      }
  });
}

TEST(planesCompareBitSerially) {
  // one bit of the mask is 1 exactly where the 16 planes, plane 0 the highest bit, read as a number below q
  const uint32_t q = 0x6C40;
  const uint64_t word = mvq::dropout_mask_word(5, 7, 11, 0, q);
  for (int bit = 0; bit < 64; ++bit) {
    uint32_t number = 0;
    for (uint32_t plane = 0; plane < 16; ++plane) {
      uint32_t x[4] = {plane, 11, 7, 0};
      mvq::philox4x32(x, 5);
      number = number * 2 + !((x[bit / 32] >> (bit % 32)) & 1);
    }
    CHECK_EQUAL((word >> bit) & 1, uint64_t(number < q));
  }
}

TEST(rowsAreAWindowOfALongerStream) {
  const mvq::Tier& tier = *mvq::available_tiers()[0];
  const Words all = masks_of(tier, 1, 10, 33, 70, {42, 0, 0.3}), part = masks_of(tier, 1, 4, 33, 70, {42, 6, 0.3});
  CHECK(Words(all.begin() + 6 * 33 * 2, all.end()) == part);
}

TEST(shareOfOnesIsTheKeepProbability) {
  const mvq::Tier& tier = *mvq::available_tiers()[0];
  for (double keep : {0.1, 0.5, 0.8}) {
    const int64_t bits = 400 * 100 * 64;
    double ones = 0;
    for (uint64_t word : masks_of(tier, 2, 400, 100, 64, {1, 0, keep})) ones += __builtin_popcountll(word);
    CHECK(std::fabs(ones / bits - keep) < 5 * std::sqrt(keep * (1 - keep) / bits));
  }
}

}  // namespace
