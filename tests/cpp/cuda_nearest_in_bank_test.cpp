#include "device.hpp"
#ifndef MVQ_ON_GPU
#include "device/divide.cuh"
#endif

namespace {

struct Case {
  int64_t n, k, d, m, extra;
  Floats rows, codes;
  Words bank;

  Case(int64_t n, int64_t k, int64_t d, int64_t m, Floats (*draw)(int64_t), int64_t extra = 0)
      : n(n), k(k), d(d), m(m), extra(extra), rows(draw(n * (d + extra))), codes(draw(k * (d + 2 * extra))),
        bank(random_words(m * mvq::mask_words(d))) {}
};

void check_case(const Case& c) {
  Indices expected(c.n), expected_mask(c.n);
  Floats expected_distance(c.n);
  run(scalar_tier(), &mvq::Tier::nearest_in_bank,
      mvq_nearest_in_bank_args{c.n, c.k, c.d, c.m, c.rows.data(), c.d + c.extra, c.codes.data(), c.d + 2 * c.extra,
                               c.bank.data(), expected.data(), expected_mask.data(), expected_distance.data()},
      1);
  const DeviceArray<float> codes(c.codes);
  const DeviceArray<uint64_t> bank(c.bank);
  on_some_devices([&](int64_t times) {
    const DeviceArray<float> rows(repeated(c.rows, times));
    DeviceArray<int64_t> index(c.n * times), mask(c.n * times);
    DeviceArray<float> distance(c.n * times);
    run_cuda(mvq::cuda::nearest_in_bank_workspace_bytes, mvq::cuda::nearest_in_bank,
             {c.n * times, c.k, c.d, c.m, rows.data(), c.d + c.extra, codes.data(), c.d + 2 * c.extra, bank.data(),
              index.data(), mask.data(), distance.data()});
    CHECK(index.values() == repeated(expected, times));
    CHECK(mask.values() == repeated(expected_mask, times));
    CHECK(same_bits(distance.values(), repeated(expected_distance, times)));
  });
}

TEST(theKernelsEqualTheScalarTierAroundEveryTileEdge) {
  for (int64_t size : TILE_EDGES) {
    check_case(Case(size, 7, 9, 5, normal));
    check_case(Case(20, size, 8, 3, small_integers));
    check_case(Case(9, 5, size, 7, normal));
    check_case(Case(9, 3, 10, size, normal));
  }
}

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

TEST(noRowsAreNoWork) { check_case(Case(0, 5, 3, 2, normal)); }

#ifndef MVQ_ON_GPU  // host arithmetic, in a header for nvcc
TEST(theDividerDividesEveryNumberBelowTwoToThe31st) {
  for (uint32_t by : {1u, 2u, 3u, 5u, 7u, 8u, 63u, 64u, 641u, 65535u, 65537u, 1000003u, 0x40000001u, 0x7FFFFFFFu}) {
    const mvq::cuda::Divider divider(by);
    for (uint64_t multiple = 0; multiple <= 0x80000000u; multiple += by * (1 + 0x7FFFFFFFull / by / 5000))
      for (uint64_t number : {multiple - 1, multiple, multiple + 1})
        if (number < 0x80000000u) CHECK_EQUAL(divider.quotient(uint32_t(number)), uint32_t(number) / by);
    CHECK_EQUAL(divider.quotient(0x7FFFFFFFu), 0x7FFFFFFFu / by);
  }
}
#endif

}  // namespace
