#include "device.hpp"
#include "nearest_in_bank_cases.hpp"
#ifndef MVQ_ON_GPU
#include "device/divide.cuh"
#endif

namespace {

void check_case(const Case& c) {
  Indices expected(c.n), expected_mask(c.n);
  Floats expected_distance(c.n);
  run(scalar_tier(), &mvq::Tier::nearest_in_bank,
      mvq_nearest_in_bank_args{c.n, c.k, c.d, c.m, c.rows.data(), c.rows_stride, c.codes.data(), c.codes_stride,
                               c.bank.data(), expected.data(), expected_mask.data(), expected_distance.data()},
      1);
  const DeviceArray<float> codes(c.codes);
  const DeviceArray<uint64_t> bank(c.bank);
  on_some_devices([&](int64_t times) {
    const DeviceArray<float> rows(repeated(c.rows, times));
    DeviceArray<int64_t> index(c.n * times), mask(c.n * times);
    DeviceArray<float> distance(c.n * times);
    run_cuda(mvq::cuda::nearest_in_bank_workspace_bytes, mvq::cuda::nearest_in_bank,
             {c.n * times, c.k, c.d, c.m, rows.data(), c.rows_stride, codes.data(), c.codes_stride, bank.data(),
              index.data(), mask.data(), distance.data()});
    CHECK(index.values() == repeated(expected, times));
    CHECK(mask.values() == repeated(expected_mask, times));
    CHECK(same_bits(distance.values(), repeated(expected_distance, times)));
  });
}

TEST(aBankWhoseHalvesWouldTakeTooMuchRoomIsNotScreened) {
  mvq_nearest_in_bank_args args{};
  args.n = 1, args.k = 8192, args.d = 64, args.m = 128;
  CHECK(mvq::cuda::nearest_in_bank_workspace_bytes(args) > 8192 * 128 * 2 * 64);
  args.m = 512;
  CHECK(mvq::cuda::nearest_in_bank_workspace_bytes(args) < 1 << 20);
}

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
