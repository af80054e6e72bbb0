#include "adversarial.hpp"
#include "nearest_code_cases.hpp"

namespace {

/* Every tier must equal a plain float loop to the last bit, and that loop a double one within rounding. */
void check_case(const Case& c) {
  Indices expected(c.n, -1);
  Floats expected_distance(c.n, INF);
  for (int64_t i = 0; i < c.n; ++i) {
    double least = std::numeric_limits<double>::infinity();
    for (int64_t k = 0; k < c.k; ++k) {
      if (!c.may_use(i, k)) continue;
      const float distance = c.distance<float>(i, k);
      if (distance < expected_distance[i] || (expected[i] < 0 && distance == distance))
        expected[i] = k, expected_distance[i] = distance;
      least = std::fmin(least, c.distance<double>(i, k));
    }
    if (std::isfinite(expected_distance[i])) CHECK(c.distance<double>(i, expected[i]) <= least * (1 + 1e-5) + 1e-6);
  }
  on_every_tier([&](const mvq::Tier& tier, int threads) {
    Indices index(c.n, -7);
    Floats distance(c.n, -7);
    run(tier, &mvq::Tier::nearest_code, c.args(index, distance), threads);
    for (int64_t i = 0; i < c.n; ++i) {
      CHECK_EQUAL(index[i], expected[i]);
      CHECK(same_bits(distance[i], expected_distance[i]));
    }
  });
}

/* 2^-40 + 4097^2 = 16785409 + 2^-40, between the floats 16785408 and 16785410: a multiply-add by way of doubles forgets
 * the 2^-40 and rounds to the even one. Some systems' fmaf is such a one. */
TEST(aFusedMultiplyAddRoundsOnce) {
  const Floats row{0x1p-20f, 4097}, code{0, 0};
  on_every_tier([&](const mvq::Tier& tier, int threads) {
    int64_t index = -7;
    float distance = -7;
    run(tier, &mvq::Tier::nearest_code,
        mvq_nearest_code_args{1, 1, 2, row.data(), 2, code.data(), 2, nullptr, 0, nullptr, 0, &index, &distance},
        threads);
    CHECK_EQUAL(distance, 16785410.0f);
  });
}

TEST(manyThreadsGiveTheSameBits) { check_case(Case(300, 257, 65, normal)); }

TEST(codesBeyondOneBlockAreFound) { check_case(Case(50, 1400, 100, normal)); }

// Sizes at which the byte screens work, where the instruction set has one.
TEST(screenedWinnersAreThePlainLoops) {
  for (int64_t d : {8, 9, 31, 64, 65, 100, 257}) {
    check_case(Case(150, 530, d, normal, d % 3));
    check_case(Case(97, 600, d, small_integers).masked(1, 0));
    check_case(Case(100, 530, d, normal).masked(0, 1));
    check_case(Case(145, 300, d, normal, 1).masked(0, 2));
    check_case(Case(100, 290, d, small_integers).masked(1, 2));
  }
}

TEST(screenedBlocksOfCodesAreAllSearched) {
  check_case(Case(100, 8500, 8, normal));
  check_case(Case(100, 3000, 130, normal).masked(0, 2));
}

TEST(noDataFoolTheScreen) {
  for (const Adversary& adversary : ADVERSARIES)
    for (int64_t d : {16, 67})
      for (int row_mask : {0, 2}) {
        const int before = check::failures;
        Case c(200, 300, d, normal);
        adversary.spoil(c.rows, c.codes, c.n, c.k, c.d);
        check_case(c.masked(0, row_mask));
        if (check::failures > before) std::fprintf(stderr, "... on %s\n", adversary.name);
      }
}

}  // namespace
