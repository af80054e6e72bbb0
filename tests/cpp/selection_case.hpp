// A selection of hypotheses with all its inputs, the ranking that a plain loop finds, and a call of one tier.
#pragma once
#include <algorithm>

#include "data.hpp"

inline double true_activation(int32_t activation, double slope, double x) {
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
    const uint64_t word = mvq::dropout_mask_word(dropout.seed, uint64_t(dropout.first_row + i), uint32_t(j),
                                                 channel / 64, mvq::keep_in_65536ths(dropout.keep));
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

inline Result run_case(const Case& c, const mvq::Tier& tier, int threads) {
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
inline Result plain_loop(const Case& c) {
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

inline void check_exact(const Case& c) {
  const Result expected = plain_loop(c);
  on_every_tier([&](const mvq::Tier& tier, int threads) { CHECK(run_case(c, tier, threads) == expected); });
}
