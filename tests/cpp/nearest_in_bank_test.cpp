#include "adversarial.hpp"
#include "nearest_in_bank_cases.hpp"

namespace {

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

TEST(manyThreadsGiveTheSameBits) { check_case(Case(150, 17, 65, 33, normal, 2)); }

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
