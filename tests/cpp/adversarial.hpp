// Rows and codes that a screen with too small a bound would get wrong, or that leave the range in which it can work.
#pragma once
#include "data.hpp"

struct Adversary {
  const char* name;
  void (*spoil)(Floats& rows, Floats& codes, int64_t n, int64_t k, int64_t d);  // of normal values, strides d
};

namespace adversary {

inline uint32_t any(uint32_t below) { return uint32_t(generator()() % below); }

/* Every row halfway between two codes that differ in one dimension by little. */
inline void near_ties(Floats& rows, Floats& codes, int64_t n, int64_t k, int64_t d) {
  for (int64_t j = 1; j < k; j += 2)
    for (int64_t x = 0; x < d; ++x)
      codes[j * d + x] = codes[(j - 1) * d + x] + (x == j % d ? 1e-3f * float(any(9)) : 0);
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = any(uint32_t(k)), x = 0; x < d; ++x)
      rows[i * d + x] = codes[j * d + x] + 1e-2f * float(any(100)) / 100;
}
/* Steps of the bytes' rounding: every value close to the middle between two bytes. */
inline void rounding_edges(Floats& rows, Floats& codes, int64_t, int64_t, int64_t) {
  for (Floats* values : {&rows, &codes})
    for (float& v : *values) v = (std::floor(v * 20) + 0.5f + 1e-3f * float(int(any(3)) - 1)) / 20;
  codes[0] = 127.0f / 20, codes[1] = -127.0f / 20;
}
inline void duplicates(Floats&, Floats& codes, int64_t, int64_t k, int64_t d) {
  for (int64_t j = k / 3; j < k; ++j)
    for (int64_t x = 0; x < d; ++x) codes[j * d + x] = codes[j % (k / 3) * d + x];
}
inline void all_equal(Floats&, Floats& codes, int64_t, int64_t k, int64_t d) {
  for (int64_t j = 1; j < k; ++j)
    for (int64_t x = 0; x < d; ++x) codes[j * d + x] = codes[x];
}
inline void huge_codes(Floats&, Floats& codes, int64_t, int64_t k, int64_t d) {
  for (int64_t j = 0; j < k; j += 37)
    for (int64_t x = 0; x < d; ++x) codes[j * d + x] *= j % 2 ? 1e4f : 1e18f;
}
inline void one_far_code(Floats&, Floats& codes, int64_t, int64_t k, int64_t d) {
  for (int64_t x = 0; x < d; ++x) codes[k / 2 * d + x] *= 50;
}
inline void far_rows(Floats& rows, Floats&, int64_t n, int64_t, int64_t d) {
  for (int64_t i = 0; i < n; ++i)
    for (int64_t x = 0; x < d; ++x) rows[i * d + x] = rows[i * d + x] * (i % 3 ? 1.0f : 300.0f) + float(i % 2 ? 40 : 0);
}
inline void tiny(Floats& rows, Floats& codes, int64_t, int64_t, int64_t) {
  for (Floats* values : {&rows, &codes})
    for (float& v : *values) v *= 1e-12f;
}
inline void denormal(Floats& rows, Floats& codes, int64_t, int64_t, int64_t) {
  for (Floats* values : {&rows, &codes})
    for (float& v : *values) v *= 1e-40f;
}
inline void overflowing(Floats& rows, Floats& codes, int64_t, int64_t, int64_t) {
  for (Floats* values : {&rows, &codes})
    for (float& v : *values) v *= 1e19f;
}
inline void not_numbers(Floats& rows, Floats& codes, int64_t n, int64_t k, int64_t d) {
  for (int64_t i = 0; i < n; i += 5) rows[i * d + i % d] = i % 2 ? NOT_A_NUMBER : INF;
  for (int64_t j = 0; j < k; j += 11) codes[j * d + j % d] = j % 2 ? -INF : NOT_A_NUMBER;
}
inline void rows_not_numbers(Floats& rows, Floats&, int64_t n, int64_t, int64_t d) {
  for (int64_t i = 0; i < n; i += 5) rows[i * d + i % d] = i % 2 ? NOT_A_NUMBER : INF;
}
inline void integers(Floats& rows, Floats& codes, int64_t, int64_t, int64_t) {
  for (Floats* values : {&rows, &codes})
    for (float& v : *values) v = float(int(any(9)) - 4);
}
/* All magnitudes equal, so that every byte is as large as it can be, and each row close to a code. */
inline void full_bytes(Floats& rows, Floats& codes, int64_t n, int64_t k, int64_t d) {
  for (float& v : codes) v = v < 0 ? -1.0f : 1.0f;
  for (int64_t i = 0; i < n; ++i)
    for (int64_t x = 0; x < d; ++x) rows[i * d + x] = codes[i * 7 % k * d + x] * (any(12) ? 1.0f : -1.0f);
}
inline void rows_are_codes(Floats& rows, Floats& codes, int64_t n, int64_t k, int64_t d) {
  for (int64_t i = 0; i < n; ++i)
    for (int64_t x = 0; x < d; ++x) rows[i * d + x] = codes[i * 7 % k * d + x];
}

}  // namespace adversary

constexpr Adversary ADVERSARIES[] = {
    {"near ties", adversary::near_ties},     {"rounding edges", adversary::rounding_edges},
    {"duplicates", adversary::duplicates},   {"all equal", adversary::all_equal},
    {"huge codes", adversary::huge_codes},   {"one far code", adversary::one_far_code},
    {"far rows", adversary::far_rows},       {"tiny", adversary::tiny},
    {"denormal", adversary::denormal},       {"overflowing", adversary::overflowing},
    {"not numbers", adversary::not_numbers}, {"rows not numbers", adversary::rows_not_numbers},
    {"integers", adversary::integers},       {"rows are codes", adversary::rows_are_codes},
    {"full bytes", adversary::full_bytes},
};
