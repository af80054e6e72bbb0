// Calls the kernel named by OPERATION as often as CALLS says, for instructions_test.sh and count-on-arm.sh to count.
// SIZE, "n k d", gives a search another size than the guard's.
#include <cstdlib>

#include "data.hpp"

namespace {

struct Size {
  int64_t n, k, d;
};

constexpr int64_t N = 96, K = 64, D = 64, HIDDEN = 64, CHANNELS = 32, HYPOTHESES = 48, MASKS = 4;
constexpr int64_t SCREENED_N = 32, SCREENED_H = 64;

Size size_of(const std::string& operation) {
  Size size{operation == "few_rows" ? 2 : N, operation == "nearest_code" || operation == "few_rows" ? K : 512, D};
  if (operation == "bank_search") size.k /= MASKS;
  const char* given = std::getenv("SIZE");
  if (given) std::istringstream(given) >> size.n >> size.k >> size.d;
  return size;
}

struct Inputs {
  Size size;
  Floats rows, codes;
  Floats w1 = normal(HIDDEN * CHANNELS), w2 = normal(D * HIDDEN), sums = Floats(K * D);
  Indices index, mask_index, counts = Indices(K);
  Words masks;  // of rows, of the bank or found

  explicit Inputs(const Size& size)
      : size(size), rows(normal(size.n * size.d)), codes(normal(size.k * size.d)), index(size.n), mask_index(size.n),
        masks(random_words(size.n * mvq::mask_words(size.d))) {}
};

void search(const mvq::Tier& tier, const std::string& operation, Inputs& in) {
  const auto [n, k, d] = in.size;
  const float *rows = in.rows.data(), *codes = in.codes.data();
  const uint64_t* masks = operation == "row_mask_search" ? in.masks.data() : nullptr;
  if (operation == "free_mask_search")
    run(tier, &mvq::Tier::nearest_free_mask,
        mvq_nearest_free_mask_args{n, k, d, -1, rows, d, codes, d, in.index.data(), in.masks.data(), nullptr}, 1);
  else if (operation == "bank_search")
    run(tier, &mvq::Tier::nearest_in_bank,
        mvq_nearest_in_bank_args{n, k, d, MASKS, rows, d, codes, d, in.masks.data(), in.index.data(),
                                 in.mask_index.data(), nullptr},
        1);
  else
    run(tier, &mvq::Tier::nearest_code,
        mvq_nearest_code_args{n, k, d, rows, d, codes, d, nullptr, 0, masks, masks ? mvq::mask_words(d) : 0,
                              in.index.data(), nullptr},
        1);
}

void call(const mvq::Tier& tier, const std::string& operation, Inputs& in) {
  if (operation == "codebook_sums") {
    for (int64_t i = 0; i < N; ++i) in.index[i] = i % 3;
    run(tier, &mvq::Tier::codebook_sums,
        mvq_codebook_sums_args{N, 3, D, in.rows.data(), D, in.index.data(), in.counts.data(), in.sums.data()}, 1);
  } else if (operation == "select_hypothesis" || operation == "screened_selection") {
    const bool screened = operation == "screened_selection";
    mvq_select_hypothesis_args args{};
    args.n = screened ? SCREENED_N : 1, args.p = 1, args.c = CHANNELS, args.h = screened ? SCREENED_H : HYPOTHESES,
    args.d = D, args.top = 1;
    args.latents = in.rows.data(), args.base = in.codes.data(), args.target = in.codes.data() + D;
    args.head = {2, MVQ_RELU, 0, {CHANNELS, HIDDEN, D}, {in.w1.data(), in.w2.data()}, {}};
    args.dropout = {3, 0, 0.5};
    args.index = in.index.data();
    run(tier, &mvq::Tier::select_hypothesis, args, 1);
  } else {
    search(tier, operation, in);
  }
}

}  // namespace

TEST(callsAreMade) {
  const std::string operation = std::getenv("OPERATION");
  Inputs in(size_of(operation));
  for (int i = std::atoi(std::getenv("CALLS")); i > 0; --i) call(*mvq::chosen().tier, operation, in);
}
