#include "selection_case.hpp"

namespace {

/* All tiers alike, and the winner's true loss within rounding of the best one. */
void check_close(const Case& c) {
  const Result first = run_case(c, *mvq::available_tiers()[0], 1);
  on_every_tier([&](const mvq::Tier& tier, int threads) { CHECK(run_case(c, tier, threads) == first); });
  for (int64_t i = 0; i < c.n; ++i) {
    std::vector<double> least(c.winners(), INF), chosen(c.winners(), INF);
    for (int64_t j = 0; j < c.h; ++j) {
      const std::vector<double> losses = c.losses<double>(i, j);
      for (size_t w = 0; w < least.size(); ++w) {
        least[w] = std::fmin(least[w], losses[w]);
        if (first.index[(i * c.winners() + w) * c.top] == j) chosen[w] = losses[w];
      }
    }
    for (size_t w = 0; w < least.size(); ++w) CHECK(chosen[w] <= least[w] * (1 + 1e-4) + 1e-5);
  }
}

TEST(everyTierEqualsThePlainLoopAtEverySize) {
  for (int64_t size : SIZES) {
    check_exact(Case(2, 1, 9, size, 5, {9, 7, 5}, normal));
    check_exact(Case(1, 1, size, 17, 4, {size, 9, 4}, normal));
    check_exact(Case(1, 1, 4, 49, 9, {4, size, 9}, normal));
    check_exact(Case(1, 1, 4, 33, size, {4, 5, size}, normal));
    check_exact(Case(size, 1, 3, 9, 2, {3, 2}, small_integers));
  }
}

TEST(headsOfOneToFourLayersWork) {
  for (int32_t activation : {MVQ_RELU, MVQ_LEAKY_RELU, MVQ_GELU})
    for (const std::vector<int64_t>& width : {std::vector<int64_t>{6, 3}, {6, 9, 3}, {6, 8, 17, 3}, {6, 7, 10, 9, 3}}) {
      Case c(3, 1, 6, 65, 3, width, normal);
      c.activation = activation;
      activation == MVQ_GELU ? check_close(c) : check_exact(c);
    }
}

TEST(manyHypothesesAndThreadsGiveTheSameBits) {
  Case c(9, 1, 16, 4096, 8, {16, 24, 8}, normal);
  c.given = false;
  check_exact(c);
}

TEST(positionsShareTheHeadAndTheMask) {
  for (bool given : {true, false})
    for (int32_t per_token : {0, 1}) {
      Case c(4, 3, 4, 50, 3, {12, 7, 6}, normal);
      c.given = given, c.per_token = per_token;
      check_exact(c);
      c.top = 7;
      check_exact(c);
    }
}

TEST(tokensOfOneFloatHaveTheirOwnWinners) {
  Case c(2, 2, 5, 33, 1, {5, 9}, normal);
  c.per_token = 1, c.top = 3;
  check_exact(c);
}

TEST(topListsAreSortedAndComplete) {
  for (int32_t top : {1, 2, 16, 100, 257}) {
    Case c(2, 1, 10, 257, 4, {10, 6, 4}, top % 2 ? normal : small_integers);
    c.top = top;
    check_exact(c);
  }
}

TEST(lowestHypothesisWinsATie) {
  Case c(5, 1, 3, 200, 2, {3, 4, 2}, small_integers);  // 8 masks for 200 hypotheses
  c.top = 40;
  check_exact(c);
}

TEST(drawnMasksFollowTheKeepProbability) {
  for (double keep : {0.0, 0.3, 0.5, 1.0}) {
    Case c(3, 1, 150, 60, 4, {150, 4}, normal);
    c.given = false, c.dropout.keep = keep, c.dropout.first_row = int64_t{1} << 40;
    check_exact(c);
  }
}

TEST(nanNeverWinsAndADroppedNanIsZero) {
  Case c(6, 1, 6, 70, 4, {6, 5, 4}, normal);
  c.latents[1 * 6 + 2] = NOT_A_NUMBER;
  c.latents[2 * 6 + 3] = INF;
  c.target[3 * 4 + 1] = NOT_A_NUMBER;
  c.base[4 * 4 + 1] = INF;
  c.top = 60;
  check_exact(c);
}

TEST(geluIsTheExactFormWithinOneMillionth) {
  // one input, weight 1, and a target of 0: the loss is gelu(x) squared
  for (float x = -12; x <= 12; x += 0.0371f) {
    Case c(1, 1, 1, 1, 1, {1, 1, 1}, small_integers);
    c.activation = MVQ_GELU;
    c.latents = {x}, c.base = {0}, c.target = {0}, c.weight = {{1}, {1}}, c.bias = {{}, {}}, c.masks = {1};
    const double got = std::sqrt(double(run_case(c, *mvq::available_tiers()[0], 1).loss[0]));
    CHECK(std::fabs(got - std::fabs(true_activation(MVQ_GELU, 0, x))) <= 1e-6);
  }
}

TEST(noRowsAreNoWork) { check_exact(Case(0, 1, 3, 4, 2, {3, 2}, normal)); }

}  // namespace
