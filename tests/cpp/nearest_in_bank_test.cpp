#include "adversarial.hpp"

namespace {

struct Case {
  int64_t n, k, d, m, rows_stride, codes_stride;
  Floats rows, codes;
  Words bank;

  Case(int64_t n, int64_t k, int64_t d, int64_t m, Floats (*draw)(int64_t), int64_t extra = 0)
      : n(n), k(k), d(d), m(m), rows_stride(d + extra), codes_stride(d + 2 * extra), rows(draw(n * rows_stride)),
        codes(draw(k * codes_stride)), bank(random_words(m * mvq::mask_words(d))) {}

  template <class Number>
  Number distance(int64_t i, int64_t code, int64_t mask) const {
    Number sum = 0;
    for (int64_t x = 0; x < d; ++x) {
      const bool kept = mvq::mask_bit(bank.data() + mask * mvq::mask_words(d), x);
      const Number t = Number(rows[i * rows_stride + x]) - (kept ? Number(codes[code * codes_stride + x]) : Number(0));
      sum = std::fma(t, t, sum);
    }
    return sum;
  }
};

void check_case(const Case& c) {
  Indices expected(c.n, -1), expected_mask(c.n, -1);
  Floats expected_distance(c.n, INF);
  for (int64_t i = 0; i < c.n; ++i) {
    double least = std::numeric_limits<double>::infinity();
    for (int64_t k = 0; k < c.k; ++k)
      for (int64_t j = 0; j < c.m; ++j) {
        const float distance = c.distance<float>(i, k, j);
        if (distance < expected_distance[i] || (expected[i] < 0 && distance == distance))
          expected[i] = k, expected_mask[i] = j, expected_distance[i] = distance;
        least = std::fmin(least, c.distance<double>(i, k, j));
      }
    if (std::isfinite(expected_distance[i]))
      CHECK(c.distance<double>(i, expected[i], expected_mask[i]) <= least * (1 + 1e-5) + 1e-6);
  }
  on_every_tier([&](const mvq::Tier& tier, int threads) {
    Indices index(c.n, -7), mask(c.n, -7);
    Floats distance(c.n, -7);
    run(tier, &mvq::Tier::nearest_in_bank,
        mvq_nearest_in_bank_args{c.n, c.k, c.d, c.m, c.rows.data(), c.rows_stride, c.codes.data(), c.codes_stride,
                                 c.bank.data(), index.data(), mask.data(), distance.data()},
        threads);
    for (int64_t i = 0; i < c.n; ++i) {
      CHECK_EQUAL(index[i], expected[i]);
      CHECK_EQUAL(mask[i], expected_mask[i]);
      CHECK(same_bits(distance[i], expected_distance[i]));
    }
  });
}

TEST(everyTierEqualsThePlainLoopAtEverySize) {
  for (int64_t size : SIZES) {
    check_case(Case(size, 5, 9, 9, normal));
    check_case(Case(17, size, 8, 3, normal));
    check_case(Case(9, 3, size, 17, normal));
    check_case(Case(9, 3, 7, size, small_integers));
  }
}

TEST(manyThreadsGiveTheSameBits) { check_case(Case(150, 17, 65, 33, normal, 2)); }

TEST(blocksOfVirtualCodesAreJoined) { check_case(Case(49, 9, 100, 100, normal)); }

TEST(lowestCodeThenLowestMaskWinsATie) {
  Case c(40, 9, 4, 12, small_integers);
  for (int64_t j = 6; j < 12; ++j) c.bank[j] = c.bank[j - 6];
  for (int64_t x = 0; x < 4; ++x) c.codes[6 * 4 + x] = c.codes[2 * 4 + x];
  c.bank[2] = c.bank[8] = 0;  // all codes alike under it
  check_case(c);
}

TEST(nanNeverWinsUnlessItsDimensionIsDropped) {
  Case c(30, 7, 5, 6, normal);
  c.codes[0] = c.codes[3 * 5 + 1] = NOT_A_NUMBER;
  c.codes[5 * 5 + 2] = INF;
  c.rows[4 * 5] = NOT_A_NUMBER;
  c.rows[5 * 5] = INF;
  c.bank[1] = 0b11110;
  check_case(c);
}

TEST(noRowsAreNoWork) { check_case(Case(0, 5, 3, 2, normal)); }

// Sizes at which the byte screens work, where the instruction set has one.
TEST(screenedWinnersAreThePlainLoops) {
  for (int64_t d : {8, 31, 64, 100}) {
    check_case(Case(100, 60, d, 9, normal, d % 3));
    check_case(Case(97, 9, d, 60, small_integers));
    check_case(Case(97, 600, d, 1, normal));
  }
  check_case(Case(100, 300, 60, 31, normal));
}

TEST(noDataFoolTheScreen) {
  for (const Adversary& adversary : ADVERSARIES)
    for (int64_t d : {16, 67}) {
      const int before = check::failures;
      Case c(100, 70, d, 5, normal);
      adversary.spoil(c.rows, c.codes, c.n, c.k, c.d);
      check_case(c);
      if (check::failures > before) std::fprintf(stderr, "... on %s\n", adversary.name);
    }
}

}  // namespace
