// Free masks, dropout masks and the selection of the C ABI under hostile arguments, as in under_fire_test.
#include "selection_case.hpp"
#include "under_fire.hpp"

namespace {

using namespace fire;

constexpr Wide MOST_ELEMENTS = 1 << 12;

/* By the rules of mvq.h; NaN where they say so. */
float best_mask(const float* z, const float* e, int64_t d, int64_t kept, Words& mask) {
  bool nan = false;
  Floats gain(d);
  Indices order(d);
  for (int64_t x = 0; x < d; ++x) {
    const float t = e[x] - z[x], with = t * t, without = z[x] * z[x];
    gain[x] = with - without, order[x] = x;
    nan |= kept < 0 ? t != t : gain[x] != gain[x];
    if (kept < 0 && std::fabs(t) < std::fabs(z[x])) mask[x / 64] |= uint64_t{1} << (x % 64);
  }
  if (nan) return NOT_A_NUMBER;
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return gain[a] < gain[b]; });
  for (int64_t x = 0; x < kept; ++x) mask[order[x] / 64] |= uint64_t{1} << (order[x] % 64);
  float sum = 0;
  for (int64_t x = 0; x < d; ++x) {
    const float t = z[x] - (mvq::mask_bit(mask.data(), x) ? e[x] : 0);
    sum = std::fma(t, t, sum);
  }
  return sum;
}

TEST(nearestFreeMask) {
  for (int64_t run = 0; run < runs(); ++run) {
    const Place place;
    mvq_nearest_free_mask_args a{};
    a.n = one_in(20) ? 0 : size(12), a.k = size(12), a.d = size(20);
    a.kept = one_in(2) ? -1 : one_in(10) ? size(20) : int64_t(draw(20));
    a.rows_stride = stride(a.d), a.codes_stride = stride(a.d);
    float some[8] = {};
    uint64_t word[8];
    int64_t index[8];
    a.rows = a.codes = some, a.index = index, a.mask = word;
    const bool sizes = search_sizes(a.n, a.k, a.d, a.rows_stride, a.codes_stride);
    if (!place.allowed || !sizes || !between(a.kept, -1, a.d)) {
      refused(a, place, mvq_nearest_free_mask_workspace_bytes, mvq_nearest_free_mask);
      continue;
    }
    const Wide row_floats = extent(a.n, a.d, a.rows_stride), code_floats = extent(a.k, a.d, a.codes_stride);
    if (row_floats > MOST_ELEMENTS || code_floats > MOST_ELEMENTS) {
      too_large(a, place, mvq_nearest_free_mask_workspace_bytes, mvq_nearest_free_mask);
      continue;
    }
    const Floats rows = hostile(int64_t(row_floats)), codes = hostile(int64_t(code_floats));
    const int64_t words = mvq::mask_words(a.d);
    Indices found(a.n);
    Words masks(a.n * words);
    Floats distance(a.n);
    a.rows = rows.data(), a.codes = codes.data(), a.index = found.data(), a.mask = masks.data();
    a.distance = one_in(4) ? nullptr : distance.data();
    if (!done(a, place, mvq_nearest_free_mask_workspace_bytes, mvq_nearest_free_mask)) continue;
    for (int64_t i = 0; i < a.n; ++i) {
      int64_t best = -1;
      float least = INF;
      Words winner(words);
      for (int64_t k = 0; k < a.k; ++k) {
        Words mask(words);
        const float sum = best_mask(a.rows + i * a.rows_stride, a.codes + k * a.codes_stride, a.d, a.kept, mask);
        if (sum == sum && (best < 0 || sum < least)) best = k, least = sum, winner = mask;
      }
      CHECK_EQUAL(found[i], best);
      CHECK(std::equal(winner.begin(), winner.end(), masks.begin() + i * words));
      if (a.distance) CHECK(same_bits(distance[i], least));
    }
  }
  require_completed(runs());
}

TEST(dropoutMasks) {
  for (int64_t run = 0; run < runs(); ++run) {
    const Place place;
    mvq_dropout_masks_args a{};
    a.n = one_in(20) ? 0 : size(8), a.h = size(20), a.c = size(100);
    static const double keeps[] = {0, 1, 0.5, 0.3, -1e-9, 1.5, double(NOT_A_NUMBER), double(INF), 1e-300};
    a.dropout = {generator()(), one_in(6) ? size(9) : int64_t(draw(1000)), keeps[draw(std::size(keeps))]};
    uint64_t word[8];
    a.masks = word;
    const bool sound = place.allowed && between(a.n, 0, MOST_ROWS) && between(a.h, 1, UINT32_MAX) &&
                       between(a.c, 1, MOST_WIDTH) && a.dropout.first_row >= 0 && a.dropout.keep >= 0 &&
                       a.dropout.keep <= 1;
    if (!sound) {
      CHECK(mvq_dropout_masks(&a, place.pointer()) != MVQ_OK);
      continue;
    }
    const int64_t words = mvq::mask_words(a.c);
    if (Wide(a.n) * a.h * words > MOST_ELEMENTS) continue;
    Words masks(a.n * a.h * words, 7);
    a.masks = masks.data();
    CHECK_EQUAL(mvq_dropout_masks(&a, place.pointer()), MVQ_OK);
    const uint32_t keep = mvq::keep_in_65536ths(a.dropout.keep);
    for (int64_t x = 0; x < int64_t(masks.size()); ++x) {
      const int64_t w = x % words, j = x / words % a.h, i = x / words / a.h;
      const uint64_t row = uint64_t(a.dropout.first_row) + uint64_t(i);
      CHECK_EQUAL(masks[x],
                  mvq::dropout_mask_word(a.dropout.seed, row, uint32_t(j), w, keep) & mvq::mask_word_valid(a.c, w));
    }
  }
}

/* Sizes at their edges and pointers that are absent: never sound. */
TEST(spoiledSelectionsAreRefused) {
  float some[64] = {};
  int64_t index[8];
  for (int64_t run = 0; run < runs(); ++run) {
    mvq_select_hypothesis_args a{};
    a.n = 1, a.p = 1, a.c = 2, a.h = 3, a.d = 2, a.top = 1;
    a.latents = a.base = a.target = some, a.index = index;
    a.head = {2, MVQ_RELU, 0, {4, 3, 2}, {some, some}, {}};
    a.dropout.keep = 0.5;
    const int64_t bad = one_in(2) ? -int64_t(draw(INT64_MAX)) : INT64_MAX - int64_t(draw(1 << 20));
    int64_t* sizes[] = {&a.p, &a.c, &a.h, &a.d, &a.head.width[0], &a.head.width[1], &a.head.width[2]};
    const float** pointers[] = {&a.latents, &a.base, &a.target, &a.head.weight[0], &a.head.weight[1]};
    switch (draw(7)) {
      case 0: a.n = bad == 0 ? -1 : bad; break;
      case 1: *sizes[draw(7)] = bad; break;
      case 2: *pointers[draw(5)] = nullptr; break;
      case 3: a.head.layers = one_in(2) ? 5 + int32_t(draw(1000)) : -int32_t(draw(1000)); break;
      case 4: a.head.activation = one_in(2) ? 3 + int32_t(draw(1000)) : -1 - int32_t(draw(1000)); break;
      case 5: a.top = one_in(2) ? 4 + int32_t(draw(1000)) : -int32_t(draw(1000)); break;
      default: a.dropout.keep = one_in(2) ? NOT_A_NUMBER : 1.0 + double(1 + draw(9)); break;
    }
    refused(a, Place{}, mvq_select_hypothesis_workspace_bytes, mvq_select_hypothesis);
  }
}

TEST(selectionsOfHostileNumbersAreAPlainLoops) {
  for (int64_t run = 0; run < runs() / 10; ++run) {
    const int64_t channels = 1 + int64_t(draw(20)), outputs = 1 + int64_t(draw(6));
    std::vector<int64_t> width{channels * (1 + int64_t(draw(2)))};
    for (uint64_t hidden = draw(3); hidden > 0; --hidden) width.push_back(1 + int64_t(draw(20)));
    width.push_back(outputs);
    Case c(int64_t(draw(6)), 1 + int64_t(draw(3)), channels, 1 + int64_t(draw(40)), one_in(2) ? 1 : outputs, width,
           hostile);
    c.per_token = one_in(2), c.top = int32_t(1 + draw(uint64_t(c.h))), c.given = one_in(2);
    c.activation = one_in(2) ? MVQ_RELU : MVQ_LEAKY_RELU;
    const Result expected = plain_loop(c);
    const mvq::Tier& tier = *mvq::choose_tier(std::getenv("MVQ_MAX_ISA")).tier;
    CHECK(run_case(c, tier, int(1 + draw(3))) == expected);
  }
}

}  // namespace
