#include "device.hpp"
#include "nearest_free_mask_cases.hpp"

namespace {

void check_case(const Case& c) {
  Indices expected(c.n);
  Words expected_mask(c.n * mvq::mask_words(c.d));
  Floats expected_distance(c.n);
  run(scalar_tier(), &mvq::Tier::nearest_free_mask,
      mvq_nearest_free_mask_args{c.n, c.k, c.d, c.kept, c.rows.data(), c.rows_stride, c.codes.data(), c.codes_stride,
                                 expected.data(), expected_mask.data(), expected_distance.data()},
      1);
  const DeviceArray<float> codes(c.codes);
  on_some_devices([&](int64_t times) {
    const DeviceArray<float> rows(repeated(c.rows, times));
    DeviceArray<int64_t> index(c.n * times);
    DeviceArray<uint64_t> mask(expected_mask.size() * times);
    DeviceArray<float> distance(c.n * times);
    run_cuda(mvq::cuda::nearest_free_mask_workspace_bytes, mvq::cuda::nearest_free_mask,
             {c.n * times, c.k, c.d, c.kept, rows.data(), c.rows_stride, codes.data(), c.codes_stride, index.data(),
              mask.data(), distance.data()});
    CHECK(index.values() == repeated(expected, times));
    CHECK(mask.values() == repeated(expected_mask, times));
    CHECK(same_bits(distance.values(), repeated(expected_distance, times)));
  });
}

}  // namespace
