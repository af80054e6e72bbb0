#include "codebook_sums_cases.hpp"

namespace {

bool same_float(float a, float b) { return same_bits(a, b); }

void check_case(int64_t n, int64_t k, int64_t d, Floats (*draw)(int64_t), int64_t extra, int64_t used) {
  const int64_t stride = d + extra;
  const Floats rows = draw(n * stride);
  const Indices index = some_codes(n, k, used);
  Indices expected_counts(k, 0);
  std::vector<double> sums(k * d, 0);
  for (int64_t i = 0; i < n; ++i) {
    if (index[i] < 0) continue;
    ++expected_counts[index[i]];
    for (int64_t x = 0; x < d; ++x) sums[index[i] * d + x] += double(rows[i * stride + x]);
  }
  const Floats expected(sums.begin(), sums.end());
  const auto check = [&](const mvq::Tier& tier, int threads) {
    Indices counts(k, -7);
    Floats out(k * d, -7);
    run(tier, &mvq::Tier::codebook_sums,
        mvq_codebook_sums_args{n, k, d, rows.data(), stride, index.data(), counts.data(), out.data()}, threads);
    CHECK(counts == expected_counts);
    CHECK(std::equal(out.begin(), out.end(), expected.begin(), expected.end(), same_float));
  };
  on_every_tier(check);
  check(*mvq::available_tiers()[0], 7);
}

TEST(manyRowsACodeAndManyCodesGiveTheSameBitsOnManyThreads) {
  for (int64_t d : {1, 7, 8, 15, 16, 17, 33, 70}) {
    check_case(2000, 11, d, normal, 1);  // streamed: columns, then codes are shared out
    check_case(2000, 1300, d, normal);   // gathered
  }
}

TEST(manyThreadsGiveTheSameBits) {
  check_case(60000, 100, 65, normal, 1);  // columns are shared out
  check_case(60000, 100, 24, normal, 1);  // and codes
  check_case(60001, 101, 8, normal, 1);   // codes alone
  check_case(9000, 50, 256, normal, 1);   // columns, fetched ahead
}

}  // namespace
