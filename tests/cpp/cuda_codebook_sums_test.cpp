#include "device.hpp"

namespace {

void check_sums(int64_t n, int64_t k, int64_t d, Floats (*draw)(int64_t), int64_t extra = 0,
                int64_t used = 0) {  // used < 0: every row on code 0
  const int64_t stride = d + extra;
  const Floats rows = draw(n * stride);
  Indices index(n), counts(k);
  for (int64_t& i : index) i = used < 0 ? 0 : int64_t(generator()() % ((used ? used : k) + 1)) - 1;
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

TEST(cudaSumsAreTheBitsOfTheScalarTier) {
  for (int64_t size : {1, 7, 31, 32, 33, 64, 65, 257, 513}) {
    check_sums(size, 17, 9, normal);
    check_sums(70, size, 5, normal, 3);
    check_sums(70, 5, size, small_integers);
  }
}

/* 2^60, 1, -2^60, 1, ...: a 1 is lost beside 2^60, so that the sum depends on the order. */
Floats that_cancel(int64_t count) {
  Floats values(count, 1);
  for (int64_t i = 0; i < count; i += 2) values[i] = std::ldexp(i % 4 ? -1.0f : 1.0f, 60);
  return values;
}

TEST(cudaSumsOfManyChunksKeepTheOrderOfRows) {
  for (int64_t n : {4, 33, 100, 1000}) check_sums(n, 1, 1, that_cancel, 0, -1);
  check_sums(3000, 40, 3, normal, 1, 1);  // all rows on one code
  check_sums(700, 4100, 2, normal);       // a chunk larger than the least
}

TEST(cudaSumsCarryNanAndInfinity) {
  check_sums(100, 3, 4, [](int64_t count) {
    Floats values = normal(count);
    for (int64_t i = 0; i < count; i += 13) values[i] = i % 2 ? INF : i % 3 ? -INF : NOT_A_NUMBER;
    return values;
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

TEST(noRowsGiveZeros) { check_sums(0, 9, 5, normal); }

#ifdef MVQ_ON_GPU  // too much for host code
TEST(sumsThatFillADeviceAreThoseOfTheScalarTier) {
  check_sums(65536, 1024, 64, normal);
  check_sums(100003, 7, 33, normal, 1);
  check_sums(65536, 16384, 8, normal);
  check_sums(65537, 1, 1, that_cancel, 0, -1);
}
#endif

}  // namespace
