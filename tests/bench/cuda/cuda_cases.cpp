#include "cuda_cases.hpp"

#include <algorithm>
#include <memory>
#include <random>

#include "rules.hpp"

namespace bench {
namespace {

using Floats = std::vector<float>;
using Words = std::vector<uint64_t>;

std::mt19937_64& generator() {
  static std::mt19937_64 g(20231226);
  return g;
}
Floats normal(int64_t count) {
  std::normal_distribution<float> draw;
  Floats values(count);
  for (float& v : values) v = draw(generator());
  return values;
}
Words random_words(int64_t count) {
  Words words(count);
  for (uint64_t& w : words) w = generator()();
  return words;
}

/* One call with a workspace of its own. */
template <class Args>
std::function<void()> call(int64_t (*bytes)(const Args&),
                           void (*operation)(const Args&, const mvq::cuda::Device&, void*), const Args& args,
                           std::shared_ptr<void> data) {
  const auto workspace = std::make_shared<Array<char>>(size_t(std::max<int64_t>(bytes(args), 64) + 64));
  return [operation, args, workspace, data] {  // which must live as long
    char* aligned = workspace->data() + (64 - reinterpret_cast<uintptr_t>(workspace->data()) % 64) % 64;
    operation(args, {0, nullptr}, aligned);
  };
}

struct Vectors {
  Array<float> rows, codes, distance;
  Array<int64_t> index, mask_index;
  Array<uint64_t> masks;  // a row mask a row, or a bank, or the free masks found
  Vectors(int64_t n, int64_t d, int64_t k)
      : rows(normal(n * d)), codes(normal(k * d)), distance(n), index(n), mask_index(n),
        masks(random_words(n * mvq::mask_words(d))) {}
};

double milliseconds(double seconds) { return 1e3 * seconds; }

/* Two instructions a pair and dimension: a subtraction and an fma. */
double of_instructions(double count) { return milliseconds(count / rates().float32); }

constexpr int64_t MASKS = 16;  // of the bank

Case row_masked(int64_t n, int64_t d, int64_t k) {
  return {"nearest_code", "row mask", n, d, k, of_instructions(2.0 * n * d * k), [=] {
            const auto v = std::make_shared<Vectors>(n, d, k);
            return call<mvq_nearest_code_args>(
                mvq::cuda::nearest_code_workspace_bytes, mvq::cuda::nearest_code,
                {n, k, d, v->rows.data(), d, v->codes.data(), d, nullptr, 0, v->masks.data(), mvq::mask_words(d),
                 v->index.data(), v->distance.data()},
                v);
          }};
}

/* The same call with screening wherever it is possible, or never. */
std::function<void()> with_screening(bool screened, std::function<void()> run) {
  return [=] {
    const double before = mvq::cuda::tuning.least_to_screen;
    mvq::cuda::tuning.least_to_screen = screened ? 0 : 1e300;
    run();
    mvq::cuda::tuning.least_to_screen = before;
  };
}

/* Of a screened search: a multiply-add of halves a pair and dimension; else two instructions. */
double limit_of_search(bool screened, double multiply_adds) {
  return screened ? milliseconds(multiply_adds / rates().halves) : of_instructions(2 * multiply_adds);
}

std::function<void()> find_free_masks(int64_t n, int64_t d, int64_t k, int64_t kept) {
  const auto v = std::make_shared<Vectors>(n, d, k);
  return call<mvq_nearest_free_mask_args>(
      mvq::cuda::nearest_free_mask_workspace_bytes, mvq::cuda::nearest_free_mask,
      {n, k, d, kept, v->rows.data(), d, v->codes.data(), d, v->index.data(), v->masks.data(), v->distance.data()}, v);
}

Case in_bank(int64_t n, int64_t d, int64_t k, bool screened) {
  return {"nearest_in_bank",
          screened ? "m 16, screened" : "m 16, not screened",
          n,
          d,
          k,
          limit_of_search(screened, double(n) * d * k * MASKS),
          [=] {
            const auto v = std::make_shared<Vectors>(n, d, k);
            return with_screening(screened, call<mvq_nearest_in_bank_args>(
                                                mvq::cuda::nearest_in_bank_workspace_bytes, mvq::cuda::nearest_in_bank,
                                                {n, k, d, MASKS, v->rows.data(), d, v->codes.data(), d, v->masks.data(),
                                                 v->index.data(), v->mask_index.data(), v->distance.data()},
                                                v));
          }};
}

/* With exactly half of the dimensions: 14 bisections of as much as without screening. */
Case half_free_mask(int64_t n, int64_t d, int64_t k) {
  return {"nearest_free_mask", "exactly d / 2", n, d, k, of_instructions(56.0 * 2 * n * d * k), [=] {
            return find_free_masks(n, d, k, d / 2);
          }};
}

Case dropout_masks(int64_t n, int64_t h, int64_t c) {
  const double bytes = 8.0 * n * h * mvq::mask_words(c);
  return {"dropout_masks", "h " + std::to_string(h), n, c, 0, milliseconds(bytes / rates().bytes), [=] {
            const auto masks = std::make_shared<Array<uint64_t>>(size_t(n * h * mvq::mask_words(c)));
            return call<mvq_dropout_masks_args>(mvq::cuda::dropout_masks_workspace_bytes, mvq::cuda::dropout_masks,
                                                {n, h, c, {3, 0, 0.5}, masks->data()}, masks);
          }};
}

Case selection(int64_t n, int64_t c, int64_t h, int64_t hidden, int64_t d) {
  struct Data {
    Array<float> latents, base, target, w1, b1, w2, b2, loss;
    Array<int64_t> index;
    Array<uint64_t> masks;
    Data(int64_t n, int64_t c, int64_t hidden, int64_t d)
        : latents(normal(n * c)), base(normal(n * d)), target(normal(n * d)), w1(normal(hidden * c)),
          b1(normal(hidden)), w2(normal(d * hidden)), b2(normal(d)), loss(n), index(n), masks(n * mvq::mask_words(c)) {}
  };
  return {"select_hypothesis",
          "c " + std::to_string(c) + " h " + std::to_string(h) + " hidden " + std::to_string(hidden),
          n,
          d,
          0,
          of_instructions(double(n) * h * (c + d) * hidden),
          [=] {
            const auto data = std::make_shared<Data>(n, c, hidden, d);
            mvq_select_hypothesis_args args{};
            args.n = n, args.p = 1, args.c = c, args.h = h, args.d = d, args.top = 1, args.dropout = {3, 0, 0.5};
            args.head.layers = 2, args.head.activation = MVQ_RELU;
            args.head.width[0] = c, args.head.width[1] = hidden, args.head.width[2] = d;
            args.head.weight[0] = data->w1.data(), args.head.bias[0] = data->b1.data();
            args.head.weight[1] = data->w2.data(), args.head.bias[1] = data->b2.data();
            args.latents = data->latents.data(), args.base = data->base.data(), args.target = data->target.data();
            args.index = data->index.data(), args.loss = data->loss.data(), args.winner_masks = data->masks.data();
            return call(mvq::cuda::select_hypothesis_workspace_bytes, mvq::cuda::select_hypothesis, args, data);
          }};
}

Case codebook_sums(int64_t n, int64_t d, int64_t k) {
  struct Data {
    Array<float> rows, sums;
    Array<int64_t> index, counts;
    Data(int64_t n, int64_t d, int64_t k, const std::vector<int64_t>& of)
        : rows(normal(n * d)), sums(k * d), index(of), counts(k) {}
  };
  return {"codebook_sums", "", n, d, k, milliseconds(4.0 * (n + k) * d / rates().bytes), [=] {
            std::vector<int64_t> index(n);
            for (int64_t& i : index) i = int64_t(generator()() % uint64_t(k));
            const auto data = std::make_shared<Data>(n, d, k, index);
            return call<mvq_codebook_sums_args>(
                mvq::cuda::codebook_sums_workspace_bytes, mvq::cuda::codebook_sums,
                {n, k, d, data->rows.data(), d, data->index.data(), data->counts.data(), data->sums.data()}, data);
          }};
}

}  // namespace

Case nearest_code(int64_t n, int64_t d, int64_t k, bool screened) {
  return {"nearest_code",
          screened ? "screened" : "not screened",
          n,
          d,
          k,
          limit_of_search(screened, double(n) * d * k),
          [=] {
            const auto v = std::make_shared<Vectors>(n, d, k);
            return with_screening(
                screened, call<mvq_nearest_code_args>(mvq::cuda::nearest_code_workspace_bytes, mvq::cuda::nearest_code,
                                                      {n, k, d, v->rows.data(), d, v->codes.data(), d, nullptr, 0,
                                                       nullptr, 0, v->index.data(), v->distance.data()},
                                                      v));
          }};
}

/* Four multiply-adds of halves a dimension; or a minimum more than other searches, at half the rate. */
Case free_mask(int64_t n, int64_t d, int64_t k, bool screened) {
  return {"nearest_free_mask",
          screened ? "any, screened" : "any, not screened",
          n,
          d,
          k,
          screened ? milliseconds(4.0 * n * d * k / rates().halves) : of_instructions(4.0 * n * d * k),
          [=] { return with_screening(screened, find_free_masks(n, d, k, -1)); }};
}

std::vector<Case> all_operations(bool small) {
  const int64_t n = small ? 130 : 65536, k = small ? 260 : 1024, d = small ? 33 : 64;
  std::vector<Case> cases{nearest_code(n, d, k, true),
                          nearest_code(n, d, k, false),
                          row_masked(n, d, k),
                          in_bank(small ? 20 : n, d, small ? 20 : k, true),
                          in_bank(small ? 20 : n, d, small ? 20 : k, false),
                          free_mask(small ? 20 : n, 64, 1024, true),
                          free_mask(small ? 20 : n, d, k, false),
                          half_free_mask(small ? 9 : n, d, small ? 40 : k),
                          dropout_masks(small ? 9 : n, small ? 17 : 256, d),
                          selection(small ? 2 : 256, small ? 5 : 32, small ? 40 : 256, small ? 9 : 128, d),
                          selection(small ? 2 : 256, small ? 5 : 32, small ? 40 : 256, small ? 130 : 256, d),
                          codebook_sums(n, d, k)};
  if (!small) cases.insert(cases.begin() + 1, nearest_code(n, d, 8192, true));
  return cases;
}

}  // namespace bench
