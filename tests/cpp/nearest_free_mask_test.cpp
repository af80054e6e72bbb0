#include <algorithm>
#include <numeric>

#include "adversarial.hpp"

namespace {

struct Case {
  int64_t n, k, d, kept, rows_stride, codes_stride;
  Floats rows, codes;

  Case(int64_t n, int64_t k, int64_t d, int64_t kept, Floats (*draw)(int64_t), int64_t extra = 0)
      : n(n), k(k), d(d), kept(kept), rows_stride(d + extra), codes_stride(d + 2 * extra), rows(draw(n * rows_stride)),
        codes(draw(k * codes_stride)) {}

  const float* row(int64_t i) const { return rows.data() + i * rows_stride; }
  const float* code(int64_t k) const { return codes.data() + k * codes_stride; }

  /* The best mask of one row and code by the rules of mvq.h; the distance is NaN where they say so. */
  Words best_mask(int64_t i, int64_t k, float& distance) const {
    Words mask(mvq::mask_words(d), 0);
    bool nan = false;
    std::vector<int64_t> order(d);
    Floats gain(d);
    for (int64_t x = 0; x < d; ++x) {
      const float z = row(i)[x], t = code(k)[x] - z, with = t * t, without = z * z;
      gain[x] = with - without;
      nan |= kept < 0 ? t != t : gain[x] != gain[x];
      if (kept < 0 && std::fabs(t) < std::fabs(z)) mask[x / 64] |= uint64_t{1} << (x % 64);
    }
    std::iota(order.begin(), order.end(), 0);
    if (!nan) std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return gain[a] < gain[b]; });
    for (int64_t x = 0; x < kept; ++x) mask[order[x] / 64] |= uint64_t{1} << (order[x] % 64);
    distance = nan ? NOT_A_NUMBER : under<float>(i, k, mask);
    return mask;
  }
  template <class Number>
  Number under(int64_t i, int64_t k, const Words& mask) const {
    Number sum = 0;
    for (int64_t x = 0; x < d; ++x) {
      const Number z = row(i)[x], t = z - (mvq::mask_bit(mask.data(), x) ? Number(code(k)[x]) : Number(0));
      sum = std::fma(t, t, sum);
    }
    return sum;
  }
};

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

TEST(everyTierEqualsThePlainLoopAtEverySize) {
  for (int64_t size : SIZES) {
    check_case(Case(size, 17, 9, -1, normal));
    check_case(Case(33, size, 8, -1, small_integers));
    check_case(Case(17, 9, size, -1, normal));
    check_case(Case(size, 7, 9, 4, normal));
    check_case(Case(9, size, 8, 3, small_integers));
    check_case(Case(17, 5, size, size / 2, normal));
  }
}

TEST(anyNumberOfKeptDimensionsWorks) {
  for (int64_t kept = 0; kept <= 17; ++kept) {
    check_case(Case(20, 11, 17, kept, normal));
    check_case(Case(20, 11, 17, kept, small_integers));
  }
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

TEST(nanInARowOrCodeMakesThatDistanceNan) {
  for (int64_t kept : {-1, 0, 2, 5}) {
    Case c(30, 9, 5, kept, normal);
    c.rows[4 * 5 + 1] = NOT_A_NUMBER;
    c.rows[5 * 5 + 1] = INF;
    for (int64_t k : {0, 4, 8}) c.codes[k * 5 + k % 5] = NOT_A_NUMBER;
    c.codes[2 * 5 + 1] = INF;
    check_case(c);
    for (float& x : c.codes) x = NOT_A_NUMBER;
    check_case(c);
  }
}

TEST(zeroRowsAndCodesTie) {
  for (int64_t kept : {-1, 3}) {
    Case c(20, 17, 7, kept, small_integers);
    for (int64_t x = 0; x < 7; ++x) c.rows[x] = c.codes[5 * 7 + x] = 0, c.rows[7 + x] = -0.0f;
    check_case(c);
  }
}

TEST(noRowsAreNoWork) { check_case(Case(0, 5, 3, -1, normal)); }

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
