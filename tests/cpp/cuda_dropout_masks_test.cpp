#include "device.hpp"

namespace {

void check_masks(int64_t n, int64_t h, int64_t c, const mvq_dropout& dropout) {
  Words expected(n * h * mvq::mask_words(c));
  run(scalar_tier(), &mvq::Tier::dropout_masks, {n, h, c, dropout, expected.data()}, 1);
  on_some_devices([&](int64_t) {
    DeviceArray<uint64_t> masks(expected.size());
    run_cuda(mvq::cuda::dropout_masks_workspace_bytes, mvq::cuda::dropout_masks, {n, h, c, dropout, masks.data()});
    CHECK(masks.values() == expected);
  });
}

TEST(cudaDrawsTheMasksOfTheScalarTier) {
  for (double keep : {0.0, 0.1, 0.5, 0.9, 1.0})
    for (int64_t c : {1, 63, 64, 65, 129, 300}) check_masks(3, 17, c, {uint64_t(c) << 40 | 77, int64_t{1} << 33, keep});
}

TEST(aGridSmallerThanTheMasksStrides) { check_masks(9, 257, 65, {1, 0, 0.5}); }

TEST(noRowsAreNoWork) { check_masks(0, 5, 65, {1, 0, 0.5}); }

#ifdef MVQ_ON_GPU  // too much for host code
TEST(masksThatFillADeviceAreThoseOfTheScalarTier) {
  check_masks(64, 1024, 64, {3, 0, 0.5});
  check_masks(301, 257, 129, {3, 0, 0.9});
}
#endif

}  // namespace
