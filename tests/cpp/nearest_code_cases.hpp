// The cases of the nearest code, for every way to compute it: a file that includes
// this says what `check_case` checks them against.
#pragma once
#include "data.hpp"

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

void check_case(const Case& c);

TEST(everySizeIsExact) {
  for (int64_t size : SIZES) {
    check_case(Case(size, 17, 9, normal));
    check_case(Case(49, size, 8, normal));
    check_case(Case(17, 33, size, normal));
    check_case(Case(size, 31, 7, small_integers));
  }
}

TEST(masksOfEveryKindAreObeyed) {
  for (int allowed = 0; allowed < 3; ++allowed)
    for (int row_mask = 0; row_mask < 3; ++row_mask)
      for (int64_t size : {1, 9, 33, 49, 65, 100, 129})
        check_case(
            Case(size, 200 - size, size, allowed == row_mask ? small_integers : normal).masked(allowed, row_mask));
}

TEST(stridesMayExceedTheWidth) {
  check_case(Case(49, 33, 17, normal, 3));
  check_case(Case(100, 140, 65, normal, 5).masked(2, 2));
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

TEST(noRowsAreNoWork) { check_case(Case(0, 5, 3, normal)); }

TEST(lowestIndexWinsATieAcrossThreadsTilesAndShares) {
  Case c(33, 600, 4, small_integers);
  for (int64_t k = 100; k < 600; ++k)
    for (int64_t x = 0; x < 4; ++x) c.codes[k * 4 + x] = c.codes[(k - 100) % 100 * 4 + x];
  check_case(c);
}

TEST(denormalsAreNotFlushed) {
  Case c(40, 40, 6, normal);
  for (Floats* values : {&c.rows, &c.codes})
    for (float& x : *values) x *= 1e-22f;
  check_case(c);
}

TEST(screeningLosesNoCode) {
  for (int64_t k : {256, 257, 383, 600})
    for (int64_t d : {32, 33, 65, 129}) check_case(Case(130, k, d, k % 2 ? small_integers : normal));
}

TEST(screeningLosesNoCodeAmongNearTies) {
  Case c(140, 400, 40, normal);
  for (int64_t i = 0; i < 140; ++i)
    for (int64_t x = 0; x < 40; ++x) c.rows[i * 40 + x] = c.codes[i * 2 * 40 + x];
  for (int64_t k = 0; k < 400; k += 3)  // a unit in the last place apart
    for (int64_t x = 0; x < 40; ++x) c.codes[k * 40 + x] = std::nextafter(c.codes[k / 2 * 40 + x], INF);
  check_case(c);
  for (float& x : c.codes) x += 1000;  // large norms, small differences
  for (float& x : c.rows) x += 1000;
  check_case(c);
  for (float& x : c.codes) x = c.codes[0];  // all equal: more survivors than there is room for
  check_case(c);
}

TEST(screeningBearsManySurvivors) {
  Case c(130, 1500, 40,
         normal);  // ever nearer codes: every tile's become survivors, in all more than there is room for
  for (int64_t k = 0; k < 1500; ++k)
    for (int64_t x = 0; x < 40; ++x) c.codes[k * 40 + x] *= 1 - float(k) / 1500;
  for (float& x : c.rows) x *= 0.01f;
  check_case(c);
}

TEST(screeningBearsEveryMagnitude) {
  for (float scale : {1e-44f, 1e-38f, 1e-30f, 1e-22f, 1e-19f, 1e-10f, 1e10f, 1e17f, 1e18f, 1e19f, 1e30f}) {
    Case c(130, 300, 33, normal);
    for (size_t i = 0; i < c.rows.size(); ++i) c.rows[i] *= i / 33 % 3 ? scale : 1;
    for (size_t i = 0; i < c.codes.size(); ++i) c.codes[i] *= i / 33 % 5 ? scale : 1;
    check_case(c);
  }
}

TEST(screeningKeepsTheFirstOfTheDistancesThatOverflow) {
  Case c(130, 300, 33, normal);
  for (float& x : c.rows) x = 3.1e18f;  // squares sum to 3.2e38; the codes add 0.6e38 and ever less
  for (size_t i = 0; i < c.codes.size(); ++i) c.codes[i] = -0.4e18f * (1 - float(i / 33) / 1000);
  check_case(c);
}

TEST(screeningLeavesNanAndInfinityToTheExactSearch) {
  Case c(130, 300, 33, normal);
  for (int64_t i : {0, 5, 64, 129}) c.rows[i * 33 + i % 33] = i % 2 ? NOT_A_NUMBER : INF;
  check_case(c);
  Case some(130, 300, 33, normal);
  for (int64_t k : {0, 7, 130, 299}) some.codes[k * 33 + k % 33] = k % 2 ? -INF : NOT_A_NUMBER;
  check_case(some);
  for (float& x : some.codes) x = NOT_A_NUMBER;
  check_case(some);
}

}  // namespace
