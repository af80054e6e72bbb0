#include "device.hpp"
#include "nearest_code_cases.hpp"

namespace {

/* The kernels must give the scalar tier's bits, whatever the order of threads. */
void check_case(const Case& c) {
  Indices expected(c.n, -7);
  Floats expected_distance(c.n, -7);
  run(scalar_tier(), &mvq::Tier::nearest_code,
      mvq_nearest_code_args{c.n, c.k, c.d, c.rows.data(), c.rows_stride, c.codes.data(), c.codes_stride,
                            c.allowed.empty() ? nullptr : c.allowed.data(), c.allowed_stride,
                            c.row_mask.empty() ? nullptr : c.row_mask.data(), c.row_mask_stride, expected.data(),
                            expected_distance.data()},
      1);
  const DeviceArray<float> codes(c.codes);
  on_some_devices([&](int64_t times) {
    const DeviceArray<float> rows(repeated(c.rows, times));
    const DeviceArray<uint64_t> allowed(repeated(c.allowed, c.allowed_stride ? times : 1));
    const DeviceArray<uint64_t> row_mask(repeated(c.row_mask, c.row_mask_stride ? times : 1));
    DeviceArray<int64_t> index(c.n * times);
    DeviceArray<float> distance(c.n * times);
    run_cuda(mvq::cuda::nearest_code_workspace_bytes, mvq::cuda::nearest_code,
             {c.n * times, c.k, c.d, rows.data(), c.rows_stride, codes.data(), c.codes_stride,
              c.allowed.empty() ? nullptr : allowed.data(), c.allowed_stride,
              c.row_mask.empty() ? nullptr : row_mask.data(), c.row_mask_stride, index.data(), distance.data()});
    CHECK(index.values() == repeated(expected, times));
    CHECK(same_bits(distance.values(), repeated(expected_distance, times)));
  });
}

TEST(bothTilesAndAllSharesAgree) {
  check_case(Case(300, 400, 33, normal));
  check_case(Case(1, 1000, 64, normal));
  check_case(Case(129, 257, 65, small_integers));
  check_case(Case(20, 4480, 3, normal));  // 70 shares: more than a warp
}

}  // namespace
