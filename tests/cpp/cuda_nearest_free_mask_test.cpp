#include "device.hpp"

namespace {

struct Case {
  int64_t n, k, d, kept, extra;
  Floats rows, codes;

  Case(int64_t n, int64_t k, int64_t d, int64_t kept, Floats (*draw)(int64_t), int64_t extra = 0)
      : n(n), k(k), d(d), kept(kept), extra(extra), rows(draw(n * (d + extra))), codes(draw(k * (d + 2 * extra))) {}
};

void check_case(const Case& c) {
  Indices expected(c.n);
  Words expected_mask(c.n * mvq::mask_words(c.d));
  Floats expected_distance(c.n);
  run(scalar_tier(), &mvq::Tier::nearest_free_mask,
      mvq_nearest_free_mask_args{c.n, c.k, c.d, c.kept, c.rows.data(), c.d + c.extra, c.codes.data(), c.d + 2 * c.extra,
                                 expected.data(), expected_mask.data(), expected_distance.data()},
      1);
  const DeviceArray<float> codes(c.codes);
  on_some_devices([&](int64_t times) {
    const DeviceArray<float> rows(repeated(c.rows, times));
    DeviceArray<int64_t> index(c.n * times);
    DeviceArray<uint64_t> mask(expected_mask.size() * times);
    DeviceArray<float> distance(c.n * times);
    run_cuda(mvq::cuda::nearest_free_mask_workspace_bytes, mvq::cuda::nearest_free_mask,
             {c.n * times, c.k, c.d, c.kept, rows.data(), c.d + c.extra, codes.data(), c.d + 2 * c.extra, index.data(),
              mask.data(), distance.data()});
    CHECK(index.values() == repeated(expected, times));
    CHECK(mask.values() == repeated(expected_mask, times));
    CHECK(same_bits(distance.values(), repeated(expected_distance, times)));
  });
}

TEST(theKernelsEqualTheScalarTierAroundEveryTileEdge) {
  for (int64_t size : TILE_EDGES) {
    check_case(Case(size, 17, 9, -1, normal));
    check_case(Case(33, size, 8, -1, small_integers));
    check_case(Case(17, 9, size, -1, normal));
    check_case(Case(size, 7, 9, 4, normal));
    check_case(Case(9, size, 8, 3, small_integers));
    check_case(Case(10, 5, size, size / 2, normal));
  }
}

TEST(anyNumberOfKeptDimensionsWorks) {
  for (int64_t kept = 0; kept <= 17; kept += kept < 3 || kept > 13 ? 1 : 4) {
    check_case(Case(20, 11, 17, kept, normal));
    check_case(Case(20, 40, 17, kept, small_integers));
  }
}

TEST(nanNeverWinsAndInfinityCan) {
  for (int64_t kept : {-1, 0, 3, 9}) {
    Case c(20, 41, 9, kept, normal);
    for (int64_t x = 0; x < 9; ++x) c.rows[3 * 9 + x] = NOT_A_NUMBER;
    c.rows[5 * 9 + 8] = NOT_A_NUMBER;
    c.rows[6 * 9 + 2] = INF;
    for (int64_t x = 0; x < 9; ++x) c.rows[8 * 9 + x] = x % 2 ? 3e38f : -3e38f;
    for (int64_t k : {0, 7, 8, 40}) c.codes[k * 9 + k % 9] = NOT_A_NUMBER;
    for (int64_t x = 0; x < 9; ++x) c.codes[20 * 9 + x] = x % 2 ? 3e38f : 3e38f;
    c.codes[9 * 9 + 2] = INF;
    check_case(c);
  }
}

TEST(aTieDropsTheDimension) {
  Case c(10, 10, 40, -1, small_integers);
  for (int64_t x = 0; x < 40; ++x) c.codes[x] = 0;
  check_case(c);
}

TEST(stridesMayExceedTheWidth) {
  check_case(Case(40, 40, 66, -1, normal, 3));
  check_case(Case(20, 40, 66, 20, normal, 3));
}

TEST(noRowsAreNoWork) { check_case(Case(0, 5, 3, 1, normal)); }

}  // namespace
