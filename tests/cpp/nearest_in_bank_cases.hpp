// The cases of the nearest code in a mask bank, for every way to compute it: a file that includes
// this says what `check_case` checks them against.
#pragma once
#include "data.hpp"

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

void check_case(const Case& c);

TEST(everySizeIsExact) {
  for (int64_t size : SIZES) {
    check_case(Case(size, 5, 9, 9, normal));
    check_case(Case(17, size, 8, 3, normal));
    check_case(Case(9, 3, size, 17, normal));
    check_case(Case(9, 3, 7, size, small_integers));
  }
}

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

TEST(codeThenMaskWinsATie) {
  Case c(40, 30, 5, 50, small_integers);
  for (uint64_t& word : c.bank) word &= 5;  // many equal masks
  check_case(c);
}

TEST(aNanThatTheMaskDropsDoesNoHarm) {
  Case c(30, 20, 9, 6, normal);
  for (int64_t k = 0; k < 20; ++k) c.codes[k * 9 + k % 9] = k % 2 ? NOT_A_NUMBER : INF;
  c.rows[4 * 9] = NOT_A_NUMBER;
  check_case(c);
}

TEST(stridesMayExceedTheWidth) { check_case(Case(150, 40, 66, 9, normal, 3)); }

}  // namespace
