#include <algorithm>

#include "operations.hpp"
#include "ours.hpp"

namespace bench {
namespace {

constexpr int64_t MASKS = 16;

struct Data {
  int64_t n, k, d, words;
  Floats rows, codes;
  std::vector<uint64_t> row_masks, allowed, free_masks;
  std::vector<int64_t> index, mask_index;

  Data(int64_t n, int64_t k, int64_t d)
      : n(n), k(k), d(d), words((d + 63) / 64), rows(normal(n * d)), codes(normal(k * d)),
        row_masks(random_words(std::max(n, MASKS) * words)), allowed(random_words(n * ((k + 63) / 64))),
        free_masks(n * words), index(n), mask_index(n) {}

  mvq_nearest_code_args nearest(const uint64_t* allowed_codes, const uint64_t* row_mask) {
    return {n,
            k,
            d,
            rows.data(),
            d,
            codes.data(),
            d,
            allowed_codes,
            allowed_codes ? (k + 63) / 64 : 0,
            row_mask,
            row_mask ? words : 0,
            index.data(),
            nullptr};
  }
};

const Operation<mvq_nearest_code_args> NEAREST{&mvq::Tier::nearest_code, mvq_nearest_code_workspace_bytes,
                                               mvq_nearest_code};
const Operation<mvq_nearest_in_bank_args> BANK{&mvq::Tier::nearest_in_bank, mvq_nearest_in_bank_workspace_bytes,
                                               mvq_nearest_in_bank};
const Operation<mvq_nearest_free_mask_args> FREE{&mvq::Tier::nearest_free_mask, mvq_nearest_free_mask_workspace_bytes,
                                                 mvq_nearest_free_mask};

/* Measures an operation made by args(data) against the unmasked search of the same data,
 * whose time counts `scale`-fold. */
template <class Args, class Make>
void measure(Harness& harness, const char* name, const char* detail, int64_t n, int64_t k, int64_t d, double scale,
             const Operation<Args>& operation, Make args) {
  harness.measure({name, detail, n, d, k, 2.0 * n * k * d * scale, 0}, [&, n, k, d, scale](int threads) {
    const auto data = std::make_shared<Data>(n, k, d);
    auto all = ours(harness.options, operation, args(*data), data, threads);
    Contender unmasked = ours(harness.options, NEAREST, data->nearest(nullptr, nullptr), data, threads)[0];
    unmasked.name = scale == 1 ? "unmasked" : "m_x_unmasked";
    unmasked.scale = scale;
    all.push_back(unmasked);
    return all;
  });
}

void at_size(Harness& harness, int64_t n, int64_t k, int64_t d) {
  measure(harness, "nearest_code row mask", "", n, k, d, 1, NEAREST,
          [](Data& data) { return data.nearest(nullptr, data.row_masks.data()); });
  measure(harness, "nearest_code allowed", "", n, k, d, 1, NEAREST,
          [](Data& data) { return data.nearest(data.allowed.data(), nullptr); });
  measure(harness, "nearest_in_bank", "m 16", n, k, d, MASKS, BANK, [](Data& data) {
    return mvq_nearest_in_bank_args{data.n,
                                    data.k,
                                    data.d,
                                    MASKS,
                                    data.rows.data(),
                                    data.d,
                                    data.codes.data(),
                                    data.d,
                                    data.row_masks.data(),
                                    data.index.data(),
                                    data.mask_index.data(),
                                    nullptr};
  });
  measure(harness, "nearest_free_mask", "", n, k, d, 1, FREE, [](Data& data) {
    return mvq_nearest_free_mask_args{data.n,
                                      data.k,
                                      data.d,
                                      -1,
                                      data.rows.data(),
                                      data.d,
                                      data.codes.data(),
                                      data.d,
                                      data.index.data(),
                                      data.free_masks.data(),
                                      nullptr};
  });
}

}  // namespace

void masked_searches(Harness& harness) {
  if (harness.options.quick) return at_size(harness, 2048, 512, 64);
  for (int64_t d : {8, 32, 64, 256})
    for (int64_t k : {128, 1024, 8192}) at_size(harness, 4096, k, d);
}

}  // namespace bench
