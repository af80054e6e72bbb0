// The cases of codebook sums, for every way to compute them: a file that includes this says what `check_case` checks
// them against.
#pragma once
#include "data.hpp"

namespace {

/* Codes of n rows, some skipped, among the first `used`; 0: among all k; below 0: every row on code 0. */
Indices some_codes(int64_t n, int64_t k, int64_t used) {
  Indices index(n);
  for (int64_t& i : index) i = used < 0 ? 0 : int64_t(generator()() % ((used ? used : k) + 1)) - 1;
  return index;
}

void check_case(int64_t n, int64_t k, int64_t d, Floats (*draw)(int64_t), int64_t extra = 0, int64_t used = 0);

/* 2^60, 1, -2^60, 1, ...: a 1 is lost beside 2^60, so that the sum depends on the order. */
Floats that_cancel(int64_t count) {
  Floats values(count, 1);
  for (int64_t i = 0; i < count; i += 2) values[i] = std::ldexp(i % 4 ? -1.0f : 1.0f, 60);
  return values;
}

TEST(everySizeIsExact) {
  for (int64_t size : SIZES) {
    check_case(size, 17, 9, normal);
    check_case(100, size, 8, normal, 3);
    check_case(100, 5, size, small_integers);
  }
}

TEST(noRowsGiveZeros) { check_case(0, 9, 5, normal); }

TEST(sumsOfManyChunksKeepTheOrderOfRows) {
  for (int64_t n : {4, 33, 100, 1000}) check_case(n, 1, 1, that_cancel, 0, -1);
  check_case(3000, 40, 3, normal, 1, 1);  // all rows on one code
  check_case(700, 4100, 2, normal);       // a chunk larger than the least
}

TEST(sumsCarryNanAndInfinity) {
  check_case(100, 3, 4, [](int64_t count) {
    Floats values = normal(count);
    for (int64_t i = 0; i < count; i += 13) values[i] = i % 2 ? INF : i % 3 ? -INF : NOT_A_NUMBER;
    return values;
  });
}

}  // namespace
