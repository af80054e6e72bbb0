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

TEST(screeningABankLosesNoVirtualCode) {
  for (int64_t m : {1, 3, 16, 300})
    for (int64_t d : {32, 33, 65, 130})
      check_case(Case(130, m == 1 ? 290 : m == 300 ? 1 : 90, d, m, m == 3 ? small_integers : normal, d % 3));
}

TEST(screeningABankBearsMasksThatAreEmptyFullAndEqual) {
  Case c(130, 30, 40, 11, normal);
  c.bank[0] = c.bank[9] = 0;
  c.bank[1] = c.bank[10] = ~uint64_t{0};
  c.bank[5] = c.bank[6] = c.bank[7];
  check_case(c);
  for (uint64_t& word : c.bank) word = 0;  // all virtual codes alike: more survivors than there is room for
  check_case(c);
}

TEST(screeningABankLosesNoCodeAmongNearTies) {
  Case c(140, 30, 64, 12, normal);
  for (int64_t i = 0; i < 140; ++i)  // each row is a virtual code, or nearly
    for (int64_t x = 0; x < 64; ++x)
      c.rows[i * 64 + x] = c.bank[i % 12] >> x & 1 ? std::nextafter(c.codes[i % 30 * 64 + x], i % 2 ? INF : -INF) : 0;
  for (int64_t k = 1; k < 30; k += 3)  // a unit in the last place apart
    for (int64_t x = 0; x < 64; ++x) c.codes[k * 64 + x] = std::nextafter(c.codes[(k - 1) * 64 + x], INF);
  check_case(c);
  for (float& x : c.codes) x += 1000;
  for (float& x : c.rows) x += 1000;
  check_case(c);
}

TEST(screeningABankBearsEveryMagnitude) {
  for (float scale : {1e-44f, 1e-30f, 1e-19f, 1e10f, 1e18f, 1e19f, 1e30f}) {
    Case c(130, 40, 33, 8, normal);
    for (size_t i = 0; i < c.rows.size(); ++i) c.rows[i] *= i / 33 % 3 ? scale : 1;
    for (size_t i = 0; i < c.codes.size(); ++i) c.codes[i] *= i % 7 ? scale : 1;  // within a code too
    check_case(c);
  }
}

TEST(screeningABankLeavesOutANanThatItsMaskDrops) {
  Case c(130, 60, 33, 6, normal);
  for (int64_t k = 0; k < 60; k += 2) c.codes[k * 33 + k % 33] = k % 4 ? NOT_A_NUMBER : INF;
  for (int64_t i : {0, 5, 64, 129}) c.rows[i * 33 + i % 33] = i % 2 ? NOT_A_NUMBER : INF;
  check_case(c);
  for (float& x : c.codes) x = NOT_A_NUMBER;
  c.bank[3] = 0;  // the one under which a code is a number
  check_case(c);
}

}  // namespace
