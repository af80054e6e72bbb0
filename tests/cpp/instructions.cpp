// Calls the kernel named by OPERATION as often as CALLS says, for instructions_test.sh to count.
#include <cstdlib>

#include "data.hpp"

namespace {

constexpr int64_t N = 96, K = 64, D = 64, HIDDEN = 64, CHANNELS = 32, HYPOTHESES = 48, FEW = 2;
constexpr int64_t SCREENED_K = 512, SCREENED_N = 32, SCREENED_H = 64;

struct Inputs {
  Floats rows = normal(N * D), codes = normal(SCREENED_K * D), w1 = normal(HIDDEN * CHANNELS), w2 = normal(D * HIDDEN);
  Floats sums = Floats(K * D);
  Indices index = Indices(N), counts = Indices(K);
};

void call(const mvq::Tier& tier, const std::string& operation, Inputs& in) {
  if (operation == "nearest_code" || operation == "few_rows" || operation == "screened_search")
    run(tier, &mvq::Tier::nearest_code,
        mvq_nearest_code_args{operation == "few_rows" ? FEW : N, operation == "screened_search" ? SCREENED_K : K, D,
                              in.rows.data(), D, in.codes.data(), D, nullptr, 0, nullptr, 0, in.index.data(), nullptr},
        1);
  if (operation == "codebook_sums") {
    for (int64_t i = 0; i < N; ++i) in.index[i] = i % 3;
    run(tier, &mvq::Tier::codebook_sums,
        mvq_codebook_sums_args{N, 3, D, in.rows.data(), D, in.index.data(), in.counts.data(), in.sums.data()}, 1);
  }
  if (operation == "select_hypothesis" || operation == "screened_selection") {
    const bool screened = operation == "screened_selection";
    mvq_select_hypothesis_args args{};
    args.n = screened ? SCREENED_N : 1, args.p = 1, args.c = CHANNELS, args.h = screened ? SCREENED_H : HYPOTHESES,
    args.d = D, args.top = 1;
    args.latents = in.rows.data(), args.base = in.codes.data(), args.target = in.codes.data() + D;
    args.head = {2, MVQ_RELU, 0, {CHANNELS, HIDDEN, D}, {in.w1.data(), in.w2.data()}, {}};
    args.dropout = {3, 0, 0.5};
    args.index = in.index.data();
    run(tier, &mvq::Tier::select_hypothesis, args, 1);
  }
}

}  // namespace

TEST(callsAreMade) {
  Inputs in;
  for (int i = std::atoi(std::getenv("CALLS")); i > 0; --i) call(*mvq::chosen().tier, std::getenv("OPERATION"), in);
}
