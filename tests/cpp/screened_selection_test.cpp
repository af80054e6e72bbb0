// Selections that can be screened: every tier, and the screening tiers made to screen at every size, must equal the
// plain loop to the last bit. 32 hypotheses are a block of the screen in bytes, 64 in halves.
#include "selection_case.hpp"

#if defined(__x86_64__)
namespace mvq {
extern const Tier tier_avx2_screened, tier_avx512_screened, tier_avx512vnni_screened, tier_avx512vnni_bytes,
    tier_amx_screened;
}
#endif

namespace {

void check_screened(const Case& c) {
  const Result expected = plain_loop(c);
  const auto check = [&](const mvq::Tier& tier, int threads) { CHECK(run_case(c, tier, threads) == expected); };
  on_every_tier([&](const mvq::Tier& tier, int threads) {
    check(tier, threads);
#if defined(__x86_64__)
    if (&tier == &mvq::tier_avx2) check(mvq::tier_avx2_screened, threads);
    if (&tier == &mvq::tier_avx512) check(mvq::tier_avx512_screened, threads);
    if (&tier == &mvq::tier_avx512vnni)
      check(mvq::tier_avx512vnni_screened, threads), check(mvq::tier_avx512vnni_bytes, threads);
    if (&tier == &mvq::tier_amx) check(mvq::tier_amx_screened, threads);
#endif
  });
}

void scale(Floats& values, float by) {
  for (float& v : values) v *= by;
}

/* A head of some size whose numbers are those of a network at the start of its training. */
Case usual(int64_t n, int64_t c, int64_t h, int64_t hidden, int64_t outputs) {
  Case made(n, 1, c, h, outputs, {c, hidden, outputs}, normal);
  scale(made.weight[0], 1 / std::sqrt(float(c)));
  scale(made.weight[1], 1 / std::sqrt(float(hidden)));
  return made;
}

TEST(sizesAroundEveryBlockAreExact) {
  for (int64_t h : {32, 33, 47, 48, 49, 63, 64, 65, 127, 129, 257}) check_screened(usual(3, 16, h, 20, 9));
  for (int64_t c : {1, 3, 4, 5, 31, 32, 33, 63, 64, 65, 128, 130, 257}) check_screened(usual(3, c, 70, 20, 9));
  for (int64_t hidden : {1, 15, 63, 64, 65, 129, 256}) check_screened(usual(2, 16, 64, hidden, 9));
  for (int64_t outputs : {1, 15, 16, 17, 33, 64, 65, 257}) check_screened(usual(2, 16, 64, 40, outputs));
}

/* More outputs than hidden units: the last layer is screened as a Gram matrix, as little as one unit wide. */
TEST(manyOutputsOfFewUnitsAreExact) {
  for (int64_t hidden : {1, 15, 16, 17, 63, 64, 65, 130})
    for (int64_t outputs : {100, 257}) {
      Case c = usual(3, 16, 70, hidden, outputs);
      check_screened(c);
      scale(c.weight[1], 1e-4f);  // hypotheses that hardly differ
      check_screened(c);
    }
  Case c = usual(40, 32, 250, 128, 256);
  c.given = false, check_screened(c);
}

/* Units whose outputs nearly cancel: what is on the Gram matrix's diagonal is taken back beside it. */
TEST(unitsThatCancelInAGramMatrixAreExact) {
  for (int attempt = 0; attempt < 300; ++attempt) {
    Case c = usual(2, 8, 70, 2 + attempt % 3, 60 + attempt % 9);
    const int64_t hidden = c.width[1];
    for (int64_t o = 0; o < c.width[2]; ++o)
      for (int64_t j = 1; j < hidden; ++j)
        c.weight[1][o * hidden + j] = -c.weight[1][o * hidden] * (1 + 0.01f * float((o + attempt) % 5));
    for (float& w : c.weight[0]) w = std::fabs(w);
    for (float& x : c.latents) x = std::fabs(x);
    const float by = std::pow(10.0f, float(attempt % 9) - 4);
    for (Floats* values : {&c.weight[1], &c.base, &c.target}) scale(*values, by);
    check_screened(c);
  }
}

TEST(aHeadWorthScreeningIsExactInEveryTier) {
  for (int64_t h : {64, 250}) {
    Case c = usual(20, 32, h, 128, 64);
    c.given = false;
    check_screened(c);
  }
}

TEST(manyRowsShareTheTilesOfTheirSurvivors) {
  for (int64_t n : {0, 1, 31, 64, 65, 150}) {
    Case c = usual(n, 16, 64, 24, 12);
    check_screened(c);
    c.given = false;
    check_screened(c);
  }
}

TEST(topListsOfScreenedRowsAreComplete) {
  for (int32_t top : {1, 2, 3, 8, 9, 32, 64}) {
    Case c = usual(5, 20, 512, 32, 16);
    c.top = top;
    check_screened(c);
  }
}

TEST(drawnMasksOfSeveralWordsAreScreened) {
  for (int64_t channels : {16, 64, 100, 200}) {
    Case c = usual(3, channels, 100, 40, 20);
    c.given = false, c.dropout.first_row = int64_t{1} << 33, c.dropout.keep = 0.3;
    check_screened(c);
  }
}

/* Two masks whose outputs lie as far below the target as above it, in exact arithmetic: all that decides is rounding,
 * and the bounds of the screen are met to 9 tenths. A screen with half of them fails here. */
TEST(aTargetBetweenTwoHypothesesIsDecidedExactly) {
  for (int attempt = 0; attempt < 3000; ++attempt) {
    Case c(1, 1, 8, 64, 1, {8, 1, 1}, normal);
    for (int64_t j = 0; j < c.h; ++j) c.masks[j] = uint64_t(3 * j + attempt) % 256;
    scale(c.bias[0], std::pow(10.0f, float(attempt % 4)));
    scale(c.weight[1], std::pow(10.0f, float(attempt % 7) - 3));
    c.base = {0};
    const auto output = [&](int64_t j) {
      double x = c.bias[0][0];
      for (int64_t i = 0; i < 8; ++i) x += c.kept(0, j, i) ? double(c.weight[0][i]) * c.latents[i] : 0;
      return c.weight[1][0] * std::fmax(x, 0);
    };
    double other = INF;
    for (int64_t j = 1; j < c.h; ++j)
      if (output(j) != output(0) && std::fabs(output(j) - output(0)) < std::fabs(other - output(0))) other = output(j);
    if (other == INF) continue;
    c.target = {float((output(0) + other) / 2 * (1 + 1e-7 * (attempt % 9 - 4)))};
    check_screened(c);
  }
}

/* The same for a Gram matrix: of many equal outputs each lies between the two hypotheses. */
TEST(manyTargetsBetweenTwoHypothesesAreDecidedExactly) {
  for (int attempt = 0; attempt < 1000; ++attempt) {
    Case c(1, 1, 8, 64, 100, {8, 1, 100}, normal);
    for (int64_t j = 0; j < c.h; ++j) c.masks[j] = uint64_t(3 * j + attempt) % 256;
    for (float& w : c.weight[1]) w = c.weight[1][0];
    scale(c.bias[0], std::pow(10.0f, float(attempt % 4)));
    scale(c.weight[1], std::pow(10.0f, float(attempt % 7) - 3));
    std::fill(c.base.begin(), c.base.end(), 0.0f);
    const auto output = [&](int64_t j) {
      double x = c.bias[0][0];
      for (int64_t i = 0; i < 8; ++i) x += c.kept(0, j, i) ? double(c.weight[0][i]) * c.latents[i] : 0;
      return c.weight[1][0] * std::fmax(x, 0);
    };
    double other = INF;
    for (int64_t j = 1; j < c.h; ++j)
      if (output(j) != output(0) && std::fabs(output(j) - output(0)) < std::fabs(other - output(0))) other = output(j);
    if (other == INF) continue;
    std::fill(c.target.begin(), c.target.end(), float((output(0) + other) / 2 * (1 + 1e-7 * (attempt % 9 - 4))));
    check_screened(c);
  }
}

TEST(nearTiesAreDecidedExactly) {
  for (float small : {1e-1f, 1e-3f, 1e-5f, 1e-7f, 1e-9f}) {  // how much the hypotheses differ, against what all share
    Case c = usual(6, 12, 200, 30, 20);
    scale(c.weight[1], small);
    check_screened(c);
  }
}

TEST(equalHypothesesGoToTheLowest) {
  Case dead = usual(4, 10, 130, 30, 8);
  for (float& b : dead.bias[0]) b = -1000;  // no unit ever active
  check_screened(dead);
  Case few = usual(4, 2, 130, 30, 8);  // 4 masks for 130 hypotheses
  few.top = 5;
  check_screened(few);
  Case integers(4, 1, 10, 130, 8, {10, 30, 8}, small_integers);
  integers.top = 16;
  check_screened(integers);
}

TEST(magnitudesFromDenormalToHugeAreExact) {
  for (float by : {0.0f, 1e-44f, 1e-39f, 1e-30f, 1e-12f, 1e-6f, 1e6f, 1e12f, 1e19f, 1e30f, 3e38f})
    for (int which = 0; which < 6; ++which) {
      Case c = usual(3, 9, 70, 20, 10);
      scale(which == 0   ? c.latents
            : which == 1 ? c.base
            : which == 2 ? c.target
            : which == 3 ? c.weight[0]
            : which == 4 ? c.weight[1]
                         : c.bias[0],
            by);
      check_screened(c);
    }
  for (float by : {1e-42f, 1e-20f, 1e-9f, 1e9f, 1e15f}) {  // everything
    Case c = usual(3, 9, 70, 20, 10);
    for (Floats* values : {&c.latents, &c.base, &c.target, &c.weight[0], &c.weight[1], &c.bias[0]}) scale(*values, by);
    check_screened(c);
  }
}

TEST(unevenMagnitudesAreExact) {
  Case c = usual(5, 17, 100, 40, 33);
  for (int64_t i = 0; i < 40; ++i)  // units and outputs from 1e-6 to 1e6, one of each far out
    for (int64_t j = 0; j < 17; ++j) c.weight[0][i * 17 + j] *= std::pow(10.0f, float(i % 13) - 6);
  for (int64_t o = 0; o < 33; ++o)
    for (int64_t i = 0; i < 40; ++i) c.weight[1][o * 40 + i] *= std::pow(10.0f, float(o % 13) - 6);
  check_screened(c);
  for (float& b : c.bias[0]) b *= 1e5f;
  check_screened(c);
  c.latents[3] = 1e12f;
  check_screened(c);
}

TEST(zerosAreExact) {
  for (int which = 0; which < 4; ++which) {
    Case c = usual(4, 16, 80, 24, 12);
    Floats& zeros = which == 0 ? c.latents : which == 1 ? c.weight[0] : which == 2 ? c.weight[1] : c.target;
    std::fill(zeros.begin(), zeros.begin() + (which == 0 ? 32 : int64_t(zeros.size())), 0.0f);
    if (which == 3) c.base = c.target;
    check_screened(c);
  }
}

TEST(aPerfectHypothesisIsFound) {  // its loss is 0, or only rounding
  Case c = usual(3, 16, 90, 24, 12);
  for (int64_t i = 0; i < 3; ++i) {
    std::fill(c.target.begin() + i * 12, c.target.begin() + (i + 1) * 12, 0.0f);
    for (int64_t j = 0; j < 16; ++j) c.latents[i * 16 + j] = c.kept(i, 50 + i, j) ? 0.0f : c.latents[i * 16 + j];
    for (int64_t o = 0; o < 12; ++o) {
      double y = c.bias[1].empty() ? 0 : c.bias[1][o];
      for (int64_t u = 0; u < 24; ++u) y += double(c.weight[1][o * 24 + u]) * std::fmax(c.bias[0][u], 0.0f);
      c.base[i * 12 + o] = float(-y);
    }
  }
  check_screened(c);
}

TEST(notANumberAndInfinityAreSkippedWhereverTheyAre) {
  for (float value : {NOT_A_NUMBER, INF, -INF})
    for (int which = 0; which < 7; ++which) {
      Case c = usual(5, 12, 90, 24, 12);
      Floats* places[] = {&c.latents, &c.base, &c.target, &c.weight[0], &c.weight[1], &c.bias[0], &c.latents};
      Floats& values = *places[which];
      values[values.size() / 2] = value;
      if (which == 6) values[3] = value;
      c.top = 4;
      check_screened(c);
    }
}

TEST(rowsThatCannotBeScreenedLieAmongOthers) {
  Case c = usual(150, 12, 64, 20, 10);
  for (int64_t i = 0; i < c.n; ++i)
    if (i % 7 == 3 || (i > 60 && i < 100)) c.latents[i * 12] = i % 2 ? NOT_A_NUMBER : 1e25f;
  check_screened(c);
}

}  // namespace
