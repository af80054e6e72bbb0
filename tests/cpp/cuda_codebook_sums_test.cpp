#include "codebook_sums_cases.hpp"
#include "device.hpp"

namespace {

void check_case(int64_t n, int64_t k, int64_t d, Floats (*draw)(int64_t), int64_t extra, int64_t used) {
  const int64_t stride = d + extra;
  const Floats rows = draw(n * stride);
  const Indices index = some_codes(n, k, used);
  Indices counts(k);
  Floats sums(k * d);
  run(*mvq::available_tiers().back(), &mvq::Tier::codebook_sums,
      {n, k, d, rows.data(), stride, index.data(), counts.data(), sums.data()}, 1);
  on_some_devices([&](int64_t) {
    const DeviceArray<float> device_rows(rows);
    const DeviceArray<int64_t> device_index(index);
    DeviceArray<int64_t> device_counts(k);
    DeviceArray<float> device_sums(k * d);
    run_cuda(mvq::cuda::codebook_sums_workspace_bytes, mvq::cuda::codebook_sums,
             {n, k, d, device_rows.data(), stride, device_index.data(), device_counts.data(), device_sums.data()});
    CHECK(device_counts.values() == counts);
    const Floats got = device_sums.values();
    for (size_t i = 0; i < sums.size(); ++i) CHECK(same_bits(got[i], sums[i]));
  });
}

TEST(cudaSumsSkipWhatIsNoCode) {
  const DeviceArray<float> rows(Floats{1, 2, 4, 8});
  const DeviceArray<int64_t> index(Indices{0, int64_t{1} << 32, -5, 2});
  DeviceArray<int64_t> counts(2);
  DeviceArray<float> sums(2);
  run_cuda(mvq::cuda::codebook_sums_workspace_bytes, mvq::cuda::codebook_sums,
           {4, 2, 1, rows.data(), 1, index.data(), counts.data(), sums.data()});
  CHECK((counts.values() == Indices{1, 0}));
  CHECK((sums.values() == Floats{1, 0}));
}

#ifdef MVQ_ON_GPU  // too much for host code
TEST(sumsThatFillADeviceAreThoseOfTheScalarTier) {
  check_case(65536, 1024, 64, normal);
  check_case(100003, 7, 33, normal, 1);
  check_case(65536, 16384, 8, normal);
  check_case(65537, 1, 1, that_cancel, 0, -1);
}
#endif

}  // namespace
