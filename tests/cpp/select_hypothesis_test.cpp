#include <algorithm>

#include "data.hpp"

namespace {

double true_activation(int32_t activation, double slope, double x) {
  if (activation == MVQ_RELU) return x < 0 ? 0 : x;
  if (activation == MVQ_LEAKY_RELU) return x < 0 ? slope * x : x;
  return 0.5 * x * (1 + std::erf(x / std::sqrt(2.0)));
}

struct Case {
  int64_t n, p, c, h, d;
  std::vector<int64_t> width;
  int32_t activation = MVQ_RELU, per_token = 0, top = 1;
  bool given = true;
  mvq_dropout dropout{77, 5, 0.5};
  Floats latents, base, target;
  std::vector<Floats> weight, bias;
  Words masks;

  Case(int64_t n, int64_t p, int64_t c, int64_t h, int64_t d, std::vector<int64_t> width, Floats (*draw)(int64_t))
      : n(n), p(p), c(c), h(h), d(d), width(width), latents(draw(n * p * width[0])), base(draw(n * p * width.back())),
        target(draw(n * p * width.back())), masks(random_words(n * h * mvq::mask_words(c))) {
    for (size_t l = 0; l + 1 < width.size(); ++l) {
      weight.push_back(draw(width[l] * width[l + 1]));
      bias.push_back(l % 2 ? Floats() : draw(width[l + 1]));
    }
  }
  int64_t winners() const { return per_token ? p * width.back() / d : 1; }
  bool kept(int64_t i, int64_t j, int64_t channel) const {
    if (given) return mvq::mask_bit(masks.data() + (i * h + j) * mvq::mask_words(c), channel);
    const uint64_t word = mvq::dropout_mask_word(dropout.seed, uint64_t(dropout.first_row + i), uint32_t(j), channel / 64,
                                                 mvq::keep_in_65536ths(dropout.keep));
    return (word >> (channel % 64)) & 1;
  }
  /* The losses of one row and hypothesis, one a winner. */
  template <class Number>
  std::vector<Number> losses(int64_t i, int64_t j) const {
    std::vector<Number> all;
    Number sum = 0;
    int64_t seen = 0;
    const int64_t run = per_token ? d : p * width.back();
    for (int64_t position = i * p; position < (i + 1) * p; ++position) {
      std::vector<Number> x(width[0]);
      for (int64_t s = 0; s < width[0]; ++s) x[s] = kept(i, j, s % c) ? Number(latents[position * width[0] + s]) : 0;
      for (size_t l = 0; l < weight.size(); ++l) {
        std::vector<Number> y(width[l + 1]);
        for (int64_t o = 0; o < width[l + 1]; ++o) {
          Number output = bias[l].empty() ? 0 : bias[l][o];
          for (int64_t s = 0; s < width[l]; ++s) output = std::fma(Number(weight[l][o * width[l] + s]), x[s], output);
          y[o] = l + 1 < weight.size() ? Number(true_activation(activation, 0.125, output)) : output;
        }
        x = y;
      }
      for (int64_t o = 0; o < width.back(); ++o) {
        const int64_t at = position * width.back() + o;
        const Number error = (Number(base[at]) + x[o]) - Number(target[at]);
        sum = std::fma(error, error, sum);
        if (++seen == run) all.push_back(sum / Number(run)), sum = 0, seen = 0;
      }
    }
    return all;
  }
};

struct Result {
  Indices index;
  Floats loss;
  Words masks;
  bool operator==(const Result& o) const {
    return index == o.index && masks == o.masks &&
           std::equal(loss.begin(), loss.end(), o.loss.begin(), o.loss.end(), same_bits);
  }
};

Result run_case(const Case& c, const mvq::Tier& tier, int threads) {
  mvq_select_hypothesis_args args{};
  args.n = c.n, args.p = c.p, args.c = c.c, args.h = c.h, args.d = c.d;
  args.winner_per_token = c.per_token, args.top = c.top;
  args.latents = c.latents.data(), args.base = c.base.data(), args.target = c.target.data();
  args.head.layers = int32_t(c.weight.size()), args.head.activation = c.activation, args.head.slope = 0.125f;
  for (size_t l = 0; l < c.width.size(); ++l) args.head.width[l] = c.width[l];
  for (size_t l = 0; l < c.weight.size(); ++l) {
    args.head.weight[l] = c.weight[l].data();
    args.head.bias[l] = c.bias[l].empty() ? nullptr : c.bias[l].data();
  }
  args.masks = c.given ? c.masks.data() : nullptr;
  args.dropout = c.dropout;
  const int64_t entries = c.n * c.winners() * c.top;
  Result result{Indices(entries, -7), Floats(entries, -7), Words(entries * mvq::mask_words(c.c), 7)};
  args.index = result.index.data(), args.loss = result.loss.data(), args.winner_masks = result.masks.data();
  run(tier, &mvq::Tier::select_hypothesis, args, threads);
  return result;
}

/* The ranking that float losses in the order of mvq.h give; exact for ReLU and LeakyReLU. */
Result plain_loop(const Case& c) {
  Result result;
  for (int64_t i = 0; i < c.n; ++i) {
    std::vector<std::vector<std::pair<float, int64_t>>> lists(c.winners());
    for (int64_t j = 0; j < c.h; ++j) {
      const std::vector<float> losses = c.losses<float>(i, j);
      for (size_t w = 0; w < lists.size(); ++w)
        if (losses[w] == losses[w]) lists[w].push_back({losses[w], j});
    }
    for (auto& list : lists) {
      std::sort(list.begin(), list.end());
      for (int64_t t = 0; t < c.top; ++t) {
        const bool there = t < int64_t(list.size());
        result.index.push_back(there ? list[t].second : -1);
        result.loss.push_back(there ? list[t].first : INF);
        for (int64_t w = 0; w < mvq::mask_words(c.c); ++w) {
          uint64_t word = 0;
          for (int64_t bit = 64 * w; there && bit < std::min(c.c, 64 * w + 64); ++bit)
            word |= uint64_t{c.kept(i, list[t].second, bit)} << (bit % 64);
          result.masks.push_back(word);
        }
      }
    }
  }
  return result;
}

void check_exact(const Case& c) {
  const Result expected = plain_loop(c);
  on_every_tier([&](const mvq::Tier& tier, int threads) { CHECK(run_case(c, tier, threads) == expected); });
}

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
    for (const std::vector<int64_t>& width :
         {std::vector<int64_t>{6, 3}, {6, 9, 3}, {6, 8, 17, 3}, {6, 7, 10, 9, 3}}) {
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
