// The searches and sums of the C ABI under hostile arguments: each call is refused with a reason, or its results are a
// plain loop's to the last bit. `under_fire_test "" 1000000` calls each operation so often.
#include <algorithm>

#include "under_fire.hpp"

namespace {

using namespace fire;

constexpr Wide MOST_ELEMENTS = 1 << 12;

/* Keeps the best of the distances that are numbers, the first of equal ones. */
struct Best {
  int64_t code = -1, mask = -1;
  float distance = INF;
  void offer(int64_t new_code, int64_t new_mask, float candidate) {
    if (candidate != candidate || (code >= 0 && !(candidate < distance))) return;
    code = new_code, mask = new_mask, distance = candidate;
  }
};

/* Rows and codes of a search, just as long as their sizes say. */
struct Vectors {
  Floats rows, codes;
  int64_t rows_stride, codes_stride, d;
  template <class Args>
  explicit Vectors(const Args& a)
      : rows(hostile(int64_t(extent(a.n, a.d, a.rows_stride)))),
        codes(hostile(int64_t(extent(a.k, a.d, a.codes_stride)))), rows_stride(a.rows_stride),
        codes_stride(a.codes_stride), d(a.d) {}
  template <class Args>
  static bool fit(const Args& a) {
    return extent(a.n, a.d, a.rows_stride) <= MOST_ELEMENTS && extent(a.k, a.d, a.codes_stride) <= MOST_ELEMENTS;
  }
  float row(int64_t i, int64_t x) const { return rows[i * rows_stride + x]; }
  float code(int64_t k, int64_t x) const { return codes[k * codes_stride + x]; }
};

TEST(nearestCode) {
  for (int64_t run = 0; run < runs(); ++run) {
    const Place place;
    mvq_nearest_code_args a{};
    a.n = one_in(20) ? 0 : size(20), a.k = size(40), a.d = size(20);
    a.rows_stride = stride(a.d), a.codes_stride = stride(a.d);
    const bool masked = one_in(2), row_masked = one_in(3);
    if (masked && one_in(2)) a.allowed_stride = stride(mvq::mask_words(std::clamp<int64_t>(a.k, 1, INT32_MAX)));
    if (row_masked && one_in(2)) a.row_mask_stride = stride(mvq::mask_words(std::clamp<int64_t>(a.d, 1, MOST_WIDTH)));
    bool sound = search_sizes(a.n, a.k, a.d, a.rows_stride, a.codes_stride) && place.allowed;
    sound = sound && (a.allowed_stride == 0 || a.allowed_stride >= mvq::mask_words(a.k));
    sound = sound && (a.row_mask_stride == 0 || a.row_mask_stride >= mvq::mask_words(a.d));
    float some[8] = {};
    int64_t index[8];
    a.rows = a.codes = some, a.index = index;
    if (!sound) {
      refused(a, place, mvq_nearest_code_workspace_bytes, mvq_nearest_code);
      continue;
    }
    const Wide allowed_words = extent(a.allowed_stride ? a.n : a.n > 0, mvq::mask_words(a.k), a.allowed_stride);
    const Wide row_words = extent(a.row_mask_stride ? a.n : a.n > 0, mvq::mask_words(a.d), a.row_mask_stride);
    if (!Vectors::fit(a) || (masked && allowed_words > MOST_ELEMENTS) || (row_masked && row_words > MOST_ELEMENTS)) {
      too_large(a, place, mvq_nearest_code_workspace_bytes, mvq_nearest_code);
      continue;
    }
    const Vectors v(a);
    Words allowed = random_words(int64_t(allowed_words)), row_mask = random_words(int64_t(row_words));
    if (one_in(8)) std::fill(allowed.begin(), allowed.end(), 0);
    Indices found(a.n);
    Floats distance(a.n);
    a.rows = v.rows.data(), a.codes = v.codes.data(), a.index = found.data();
    a.distance = one_in(4) ? nullptr : distance.data();
    a.allowed = masked ? allowed.data() : nullptr, a.row_mask = row_masked ? row_mask.data() : nullptr;
    if (one_in(20)) {
      const float** absent[] = {&a.rows, &a.codes};
      *absent[draw(2)] = nullptr;
      if (a.n > 0) refused(a, place, mvq_nearest_code_workspace_bytes, mvq_nearest_code);
      continue;
    }
    if (!done(a, place, mvq_nearest_code_workspace_bytes, mvq_nearest_code)) continue;
    for (int64_t i = 0; i < a.n; ++i) {
      Best best;
      for (int64_t k = 0; k < a.k; ++k) {
        if (a.allowed && !mvq::mask_bit(a.allowed + i * a.allowed_stride, k)) continue;
        float sum = 0;
        for (int64_t x = 0; x < a.d; ++x) {
          const float t = v.row(i, x) - v.code(k, x);
          if (!a.row_mask || mvq::mask_bit(a.row_mask + i * a.row_mask_stride, x)) sum = std::fma(t, t, sum);
        }
        best.offer(k, 0, sum);
      }
      CHECK_EQUAL(found[i], best.code);
      if (a.distance) CHECK(same_bits(distance[i], best.distance));
    }
  }
  require_completed(runs());
}

TEST(nearestInBank) {
  for (int64_t run = 0; run < runs(); ++run) {
    const Place place;
    mvq_nearest_in_bank_args a{};
    a.n = one_in(20) ? 0 : size(20), a.k = size(12), a.d = size(20), a.m = size(12);
    a.rows_stride = stride(a.d), a.codes_stride = stride(a.d);
    float some[8] = {};
    uint64_t word[8] = {};
    int64_t index[8];
    a.rows = a.codes = some, a.bank = word, a.index = a.mask_index = index;
    const bool sizes = search_sizes(a.n, a.k, a.d, a.rows_stride, a.codes_stride) && between(a.m, 1, INT32_MAX);
    if (!place.allowed || !sizes || Wide(a.k) * ((a.m + 7) / 8 * 8) > INT32_MAX) {
      refused(a, place, mvq_nearest_in_bank_workspace_bytes, mvq_nearest_in_bank);
      continue;
    }
    const int64_t words = mvq::mask_words(a.d);
    if (!Vectors::fit(a) || Wide(a.m) * words > MOST_ELEMENTS) {
      too_large(a, place, mvq_nearest_in_bank_workspace_bytes, mvq_nearest_in_bank);
      continue;
    }
    const Vectors v(a);
    const Words bank = random_words(a.m * words);
    Indices found(a.n), mask(a.n);
    Floats distance(a.n);
    a.rows = v.rows.data(), a.codes = v.codes.data(), a.bank = one_in(20) ? nullptr : bank.data();
    a.index = found.data(), a.mask_index = mask.data(), a.distance = one_in(4) ? nullptr : distance.data();
    if (!a.bank) {
      refused(a, place, mvq_nearest_in_bank_workspace_bytes, mvq_nearest_in_bank);
      continue;
    }
    if (!done(a, place, mvq_nearest_in_bank_workspace_bytes, mvq_nearest_in_bank)) continue;
    for (int64_t i = 0; i < a.n; ++i) {
      Best best;
      for (int64_t k = 0; k < a.k; ++k)
        for (int64_t m = 0; m < a.m; ++m) {
          float sum = 0;
          for (int64_t x = 0; x < a.d; ++x) {
            const float t = v.row(i, x) - (mvq::mask_bit(a.bank + m * words, x) ? v.code(k, x) : 0);
            sum = std::fma(t, t, sum);
          }
          best.offer(k, m, sum);
        }
      CHECK_EQUAL(found[i], best.code);
      CHECK_EQUAL(mask[i], best.mask);
      if (a.distance) CHECK(same_bits(distance[i], best.distance));
    }
  }
  require_completed(runs());
}

TEST(codebookSums) {
  for (int64_t run = 0; run < runs(); ++run) {
    const Place place;
    mvq_codebook_sums_args a{};
    a.n = one_in(20) ? 0 : size(60), a.k = size(20), a.d = size(12), a.rows_stride = stride(a.d);
    float some[8] = {};
    int64_t index[8] = {}, counts[8];
    a.rows = some, a.index = index, a.counts = counts, a.sums = some;
    const bool sound = search_sizes(a.n, a.k, a.d, a.rows_stride, a.d) && place.allowed;
    if (!sound) {
      refused(a, place, mvq_codebook_sums_workspace_bytes, mvq_codebook_sums);
      continue;
    }
    if (extent(a.n, a.d, a.rows_stride) > MOST_ELEMENTS || a.n > MOST_ELEMENTS || Wide(a.k) * a.d > MOST_ELEMENTS) {
      too_large(a, place, mvq_codebook_sums_workspace_bytes, mvq_codebook_sums);
      continue;
    }
    const Floats rows = hostile(int64_t(extent(a.n, a.d, a.rows_stride)));
    Indices codes(a.n), counted(a.k, -7);
    Floats sums(a.k * a.d, -7);
    for (int64_t& c : codes) c = int64_t(draw(uint64_t(a.k) + 1)) - 1;
    const bool outside = a.n > 0 && one_in(8);
    if (outside) codes[draw(uint64_t(a.n))] = one_in(2) ? a.k : INT64_MIN;
    a.rows = rows.data(), a.index = codes.data(), a.counts = counted.data(), a.sums = sums.data();
    if (outside) {
      Room room(mvq_codebook_sums_workspace_bytes(&a, place.pointer()));
      CHECK_EQUAL(mvq_codebook_sums(&a, place.pointer(), room.bytes, INT64_MAX), MVQ_BAD_ARGUMENT);
      CHECK(std::all_of(sums.begin(), sums.end(), [](float s) { return s == -7; }));
      continue;
    }
    if (!done(a, place, mvq_codebook_sums_workspace_bytes, mvq_codebook_sums)) continue;
    std::vector<double> expected(a.k * a.d);
    Indices count(a.k);
    for (int64_t i = 0; i < a.n; ++i) {
      if (codes[i] < 0) continue;
      ++count[codes[i]];
      for (int64_t x = 0; x < a.d; ++x) expected[codes[i] * a.d + x] += double(rows[i * a.rows_stride + x]);
    }
    CHECK(count == counted);
    for (int64_t x = 0; x < a.k * a.d; ++x) CHECK(same_bits(sums[x], float(expected[x])));
  }
  require_completed(runs());
}

}  // namespace
