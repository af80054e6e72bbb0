// A few rows take paths of their own (few_rows.hpp, codes_in_lanes.hpp): they must give the plain loop's bits on data
// chosen to break them.
#include "data.hpp"

namespace {

struct Case {
  int64_t n, k, d;
  int64_t rows_stride = d + 3, codes_stride = d + k % 2;  // dense codes too
  Floats rows = normal(n * rows_stride), codes = normal(k * codes_stride);

  float* row(int64_t i) { return rows.data() + i * rows_stride; }
  float* code(int64_t i) { return codes.data() + i * codes_stride; }
  void scale(float factor) {
    for (float& v : rows) v *= factor;
    for (float& v : codes) v *= factor;
  }
};

void check_case(Case c) {
  Indices expected(c.n, -1);
  Floats least(c.n, INF);
  for (int64_t i = 0; i < c.n; ++i)
    for (int64_t k = 0; k < c.k; ++k) {
      float sum = 0;
      for (int64_t x = 0; x < c.d; ++x) {
        const float t = c.row(i)[x] - c.code(k)[x];
        sum = std::fma(t, t, sum);
      }
      if (sum < least[i] || (expected[i] < 0 && sum == sum)) expected[i] = k, least[i] = sum;
    }
  on_every_tier([&](const mvq::Tier& tier, int threads) {
    Indices index(c.n, -7);
    Floats distance(c.n, -7);
    run(tier, &mvq::Tier::nearest_code,
        mvq_nearest_code_args{c.n, c.k, c.d, c.rows.data(), c.rows_stride, c.codes.data(), c.codes_stride, nullptr, 0,
                              nullptr, 0, index.data(), distance.data()},
        threads);
    for (int64_t i = 0; i < c.n; ++i) {
      CHECK_EQUAL(index[i], expected[i]);
      CHECK(same_bits(distance[i], least[i]));
    }
  });
}

/* Cases of every shape around the vectors' widths. */
template <class Body>
void at_every_shape(Body body) {
  for (int64_t n : {1, 2, 4, 5, 7, 8, 17, 49})
    for (int64_t k : {1, 3, 4, 7, 8, 15, 16, 17, 33, 49, 130})
      for (int64_t d : {1, 3, 4, 7, 8, 15, 16, 17, 31, 64, 100}) body(Case{n, k, d});
}

TEST(everyShapeEqualsThePlainLoop) {
  at_every_shape([](Case c) { check_case(c); });
}

TEST(manyCodesAreSharedOutToThreads) {
  for (int64_t n : {7, 8, 48}) check_case(Case{n, 9001, 70});
}

TEST(theLowestOfEqualCodesWins) {
  at_every_shape([](Case c) {
    for (int64_t k = 0; k < c.k; ++k) std::memcpy(c.code(k), c.code(k % 5 % c.k), c.d * sizeof(float));
    check_case(c);
  });
}

TEST(aDifferenceInTheLastBitDecides) {
  at_every_shape([](Case c) {
    // all codes but one dimension's last bits are the same: the order of the sum matters
    for (int64_t k = 1; k < c.k; ++k) {
      std::memcpy(c.code(k), c.code(0), c.d * sizeof(float));
      float& v = c.code(k)[k * 7 % c.d];
      v = std::nextafter(v, k % 2 ? INF : -INF);
    }
    check_case(c);
  });
}

TEST(hugeTinyAndDenormalNumbersAreExact) {
  for (float factor : {1e30f, 1e18f, 5e18f, 1e-19f, 1e-21f, 1e-23f, 1e-40f, 0.0f})
    at_every_shape([&](Case c) {
      c.scale(factor);
      check_case(c);
    });
}

TEST(oneHugeCodeHidesNothing) {
  at_every_shape([](Case c) {
    for (int64_t x = 0; x < c.d; ++x) c.code(c.k / 2)[x] = 3e38f;
    check_case(c);
  });
}

TEST(nanAndInfinityNeverWinAgainstANumber) {
  for (float bad : {NOT_A_NUMBER, INF, -INF})
    at_every_shape([&](Case c) {
      for (int64_t k = 0; k < c.k; k += 2) c.code(k)[k % c.d] = bad;
      check_case(c);
      c.row(0)[c.d / 2] = bad;
      check_case(c);
    });
}

}  // namespace
