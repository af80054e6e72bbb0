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

}  // namespace
