#include "adversarial.hpp"

namespace {

struct Case {
  int64_t n, k, d, rows_stride, codes_stride;
  Floats rows, codes;
  Words allowed, row_mask;
  int64_t allowed_stride = 0, row_mask_stride = 0;

  Case(int64_t n, int64_t k, int64_t d, Floats (*draw)(int64_t), int64_t extra = 0)
      : n(n), k(k), d(d), rows_stride(d + extra), codes_stride(d + 2 * extra), rows(draw(n * rows_stride)),
        codes(draw(k * codes_stride)) {}

  /* With masks: 0 none, 1 one for all rows, 2 one a row. */
  Case& masked(int allowed_kind, int row_mask_kind) {
    if (allowed_kind) allowed = random_words(mvq::mask_words(k) * (allowed_kind == 2 ? n : 1));
    if (row_mask_kind) row_mask = random_words(mvq::mask_words(d) * (row_mask_kind == 2 ? n : 1));
    allowed_stride = allowed_kind == 2 ? mvq::mask_words(k) : 0;
    row_mask_stride = row_mask_kind == 2 ? mvq::mask_words(d) : 0;
    return *this;
  }
  mvq_nearest_code_args args(Indices& index, Floats& distance) const {
    return {n,
            k,
            d,
            rows.data(),
            rows_stride,
            codes.data(),
            codes_stride,
            allowed.empty() ? nullptr : allowed.data(),
            allowed_stride,
            row_mask.empty() ? nullptr : row_mask.data(),
            row_mask_stride,
            index.data(),
            distance.data()};
  }
  bool may_use(int64_t i, int64_t code) const {
    return allowed.empty() || mvq::mask_bit(allowed.data() + i * allowed_stride, code);
  }
  bool keeps(int64_t i, int64_t dim) const {
    return row_mask.empty() || mvq::mask_bit(row_mask.data() + i * row_mask_stride, dim);
  }
  template <class Number>
  Number distance(int64_t i, int64_t code) const {
    Number sum = 0;
    for (int64_t x = 0; x < d; ++x) {
      const Number t = Number(rows[i * rows_stride + x]) - Number(codes[code * codes_stride + x]);
      if (keeps(i, x)) sum = std::fma(t, t, sum);
    }
    return sum;
  }
};

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

TEST(everyTierEqualsThePlainLoopAtEverySize) {
  for (int64_t size : SIZES) {
    check_case(Case(size, 17, 9, normal));
    check_case(Case(49, size, 8, normal));
    check_case(Case(17, 33, size, normal));
    check_case(Case(size, 31, 7, small_integers));
  }
}

TEST(manyThreadsGiveTheSameBits) { check_case(Case(300, 257, 65, normal)); }

TEST(codesBeyondOneBlockAreFound) { check_case(Case(50, 1400, 100, normal)); }

TEST(masksOfEveryKindAreObeyed) {
  for (int allowed = 0; allowed < 3; ++allowed)
    for (int row_mask = 0; row_mask < 3; ++row_mask)
      for (int64_t size : {1, 9, 49, 65, 100})
        check_case(
            Case(size, 130 - size, size, allowed == row_mask ? small_integers : normal).masked(allowed, row_mask));
}

TEST(stridesMayExceedTheWidth) {
  check_case(Case(49, 33, 17, normal, 3));
  check_case(Case(100, 70, 65, normal, 5).masked(2, 2));
}

TEST(lowestIndexWinsATie) {
  Case c(33, 257, 4, small_integers);
  for (int64_t k = 100; k < 257; ++k)
    for (int64_t x = 0; x < 4; ++x) c.codes[k * 4 + x] = c.codes[(k - 100) % 100 * 4 + x];
  check_case(c);
}

TEST(rowWithNoAllowedCodeGetsMinusOneAndInfinity) {
  for (int kind = 1; kind <= 2; ++kind) {
    Case c(50, 67, 5, normal);
    c.masked(kind, 0);
    for (size_t w = 0; w < c.allowed.size(); ++w)
      if (w / 2 % 3 == 0) c.allowed[w] = w % 2 ? ~uint64_t{7} : 0;  // only bits past the 67th
    check_case(c);
  }
}

TEST(emptyRowMaskGivesDistanceZeroAndTheFirstAllowedCode) {
  for (int kind = 1; kind <= 2; ++kind) {
    Case c(50, 21, 5, normal);
    c.masked(2, kind);
    for (uint64_t& word : c.row_mask) word = ~uint64_t{31};
    check_case(c);
  }
}

TEST(nanNeverWinsAndInfinityCan) {
  Case c(60, 41, 9, normal);
  for (int64_t x = 0; x < 9; ++x) c.rows[3 * 9 + x] = NOT_A_NUMBER;
  c.rows[5 * 9 + 8] = NOT_A_NUMBER;
  c.rows[6 * 9 + 2] = INF;
  c.rows[7 * 9 + 2] = -INF;
  c.rows[8 * 9] = 3e38f;
  for (int64_t k : {0, 7, 8, 40}) c.codes[k * 9 + k % 9] = NOT_A_NUMBER;
  c.codes[9 * 9 + 2] = INF;
  check_case(c);
  check_case(c.masked(2, 2));
  Case all(20, 9, 3, normal);
  for (float& x : all.codes) x = NOT_A_NUMBER;
  check_case(all);
  for (float& x : all.codes) x = INF;
  check_case(all);
}

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

TEST(noRowsAreNoWork) { check_case(Case(0, 5, 3, normal)); }

}  // namespace
