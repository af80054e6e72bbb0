// The cases of the nearest code under a free mask, for every way to compute it: a file that includes
// this says what `check_case` checks them against.
#pragma once
#include <algorithm>
#include <numeric>

#include "data.hpp"

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

void check_case(const Case& c);

TEST(everySizeIsExact) {
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

TEST(nanNeverWinsAndInfinityCan) {
  for (int64_t kept : {-1, 0, 3, 9}) {
    Case c(20, 41, 9, kept, normal);
    for (int64_t x = 0; x < 9; ++x) c.rows[3 * 9 + x] = NOT_A_NUMBER;
    c.rows[5 * 9 + 8] = NOT_A_NUMBER;
    c.rows[6 * 9 + 2] = INF;
    for (int64_t x = 0; x < 9; ++x) c.rows[8 * 9 + x] = x % 2 ? 3e38f : -3e38f;
    for (int64_t k : {0, 7, 8, 40}) c.codes[k * 9 + k % 9] = NOT_A_NUMBER;
    for (int64_t x = 0; x < 9; ++x) c.codes[20 * 9 + x] = x % 2 ? 3e38f : 3e38f;
    c.codes[9 * 9 + 2] = INF;
    check_case(c);
  }
}

TEST(aTieDropsTheDimension) {
  Case c(10, 10, 40, -1, small_integers);
  for (int64_t x = 0; x < 40; ++x) c.codes[x] = 0;
  check_case(c);
}

TEST(stridesMayExceedTheWidth) {
  check_case(Case(40, 40, 66, -1, normal, 3));
  check_case(Case(20, 40, 66, 20, normal, 3));
}

/* From 1024 codes of 64 floats on a GPU screens. */
TEST(screeningLosesNoCode) {
  for (int64_t d : {64, 65, 129}) {
    check_case(Case(130, 1024, d, -1, normal));
    check_case(Case(40, 1100, d, -1, small_integers, 3));
  }
}

TEST(screeningLosesNoCodeAmongNearTies) {
  Case c(130, 1024, 64, -1, normal);
  for (int64_t i = 0; i < 130 * 64; ++i)
    c.rows[i] = generator()() % 3 ? c.codes[i * 7 % (1024 * 64)] : 0.1f * c.rows[i];
  for (int64_t k = 0; k < 1024; k += 3)  // a unit in the last place apart
    for (int64_t x = 0; x < 64; ++x) c.codes[k * 64 + x] = std::nextafter(c.codes[k / 2 * 64 + x], INF);
  check_case(c);
}

TEST(screeningLosesNoCodeWhereItsBoundIsTight) {  // all magnitudes 1: a chord has no slack, and only rounding is left
  for (float step : {0x1p-10f, 0x1p-14f, 0x1p-20f}) {
    Case c(130, 1024, 64, -1, normal);
    for (float& x : c.rows) x = x < 0 ? -1.0f : 1.0f;
    for (int64_t k = 0; k < 1024; ++k)
      for (int64_t x = 0; x < 64; ++x)
        c.codes[k * 64 + x] = c.rows[k % 100 * 64 + x] * (0.8f + step * float(generator()() % 64));
    check_case(c);
  }
}

TEST(screeningLosesNoCodeThatOnlyRoundingBringsNear) {  // what masks take off is less than the float32 sum's rounding
  for (float scale : {1e-5f, 1e-6f, 1e-7f}) {
    Case c(130, 1024, 64, -1, normal);
    for (float& x : c.codes) x *= scale;
    check_case(c);
  }
}

TEST(screeningBearsEveryMagnitude) {
  for (float scale : {1e-44f, 1e-38f, 1e-22f, 1e-10f, 1e10f, 1e18f, 1e19f, 1e30f}) {
    Case c(130, 1024, 64, -1, normal);
    for (size_t i = 0; i < c.rows.size(); ++i) c.rows[i] *= i / 64 % 3 ? scale : 1;
    for (size_t i = 0; i < c.codes.size(); ++i) c.codes[i] *= i / 64 % 5 ? scale : 1;
    check_case(c);
  }
}

TEST(screeningBearsManySurvivors) {
  Case c(130, 1500, 64, -1, normal);
  for (int64_t i = 0; i < 130; i += 20)
    for (int64_t x = 0; x < 64; ++x) c.rows[i * 64 + x] = 0;  // to which all codes are alike
  for (int64_t k = 0; k < 1500; ++k)                          // ever nearer ones
    for (int64_t x = 0; x < 64; ++x) c.codes[k * 64 + x] = c.rows[k % 130 * 64 + x] + 2 - float(k) / 1500;
  check_case(c);
  for (size_t i = 64; i < c.codes.size(); ++i) c.codes[i] = c.codes[i % 64];  // all equal
  check_case(c);
}

TEST(screeningLeavesNanAndInfinityToTheExactSearch) {
  Case c(130, 1024, 64, -1, normal);
  for (int64_t k : {0, 7, 300, 1023}) c.codes[k * 64 + k % 64] = k % 2 ? -INF : NOT_A_NUMBER;
  check_case(c);
  for (int64_t i : {0, 5, 64, 129}) c.rows[i * 64 + i % 64] = i % 2 ? NOT_A_NUMBER : INF;
  check_case(c);
  for (float& x : c.codes) x = NOT_A_NUMBER;
  check_case(c);
}

}  // namespace
