#include "adversarial.hpp"
#include "nearest_free_mask_cases.hpp"

namespace {

/* The least distance in double over all masks with exactly `kept` ones, by enumeration; d small. */
double enumerate(const Case& c, int64_t i) {
  double least = std::numeric_limits<double>::infinity();
  for (int64_t k = 0; k < c.k; ++k)
    for (uint64_t mask = 0; mask < uint64_t{1} << c.d; ++mask)
      if (c.kept < 0 || __builtin_popcountll(mask) == c.kept) least = std::fmin(least, c.under<double>(i, k, {mask}));
  return least;
}

void check_case(const Case& c) {
  Indices expected(c.n, -1);
  Floats expected_distance(c.n, INF);
  Words expected_mask(c.n * mvq::mask_words(c.d), 0);
  for (int64_t i = 0; i < c.n; ++i)
    for (int64_t k = 0; k < c.k; ++k) {
      float distance;
      const Words mask = c.best_mask(i, k, distance);
      if (distance < expected_distance[i] || (expected[i] < 0 && distance == distance)) {
        expected[i] = k, expected_distance[i] = distance;
        std::copy(mask.begin(), mask.end(), expected_mask.begin() + i * mvq::mask_words(c.d));
      }
    }
  on_every_tier([&](const mvq::Tier& tier, int threads) {
    Indices index(c.n, -7);
    Words mask(expected_mask.size(), 7);
    Floats distance(c.n, -7);
    run(tier, &mvq::Tier::nearest_free_mask,
        mvq_nearest_free_mask_args{c.n, c.k, c.d, c.kept, c.rows.data(), c.rows_stride, c.codes.data(), c.codes_stride,
                                   index.data(), mask.data(), distance.data()},
        threads);
    for (int64_t i = 0; i < c.n; ++i) {
      CHECK_EQUAL(index[i], expected[i]);
      CHECK(same_bits(distance[i], expected_distance[i]));
    }
    CHECK(mask == expected_mask);
  });
}

TEST(noMaskIsBetterByEnumeration) {
  for (int64_t kept = -1; kept <= 6; ++kept) {
    const Case c(12, 5, 6, kept, normal);
    for (int64_t i = 0; i < c.n; ++i) {
      float least = INF, distance;
      for (int64_t k = 0; k < c.k; ++k) {
        c.best_mask(i, k, distance);
        least = std::fmin(least, distance);
      }
      CHECK(std::fabs(least - enumerate(c, i)) <= 1e-5 * (1 + least));
    }
  }
}

TEST(manyThreadsGiveTheSameBits) {
  check_case(Case(300, 257, 65, -1, normal, 1));
  check_case(Case(150, 33, 65, 20, normal, 1));
}

// Sizes at which the byte screens work, where the instruction set has one.
TEST(screenedWinnersAreThePlainLoops) {
  for (int64_t d : {8, 31, 64, 100}) {
    check_case(Case(100, 530, d, -1, normal, d % 3));
    check_case(Case(97, 600, d, -1, small_integers));
  }
}

TEST(noDataFoolTheScreen) {
  for (const Adversary& adversary : ADVERSARIES)
    for (int64_t d : {16, 67}) {
      const int before = check::failures;
      Case c(100, 270, d, -1, normal);
      adversary.spoil(c.rows, c.codes, c.n, c.k, c.d);
      check_case(c);
      if (check::failures > before) std::fprintf(stderr, "... on %s\n", adversary.name);
    }
}

}  // namespace
