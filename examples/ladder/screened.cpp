// Rung 3: most codes are ruled out in bytes, and only what is left is measured in floats.
//
// Every vector is written as v = step * q + rest, q in -127..127.
// The triangle inequality puts the distance |z - e| within
// |rest of z| + |rest of e| of step * |q_z - q_e|, and the latter is an exact integer under a root. The code that is
// nearest in bytes is thus no further than some r, and a code that is surely further than r cannot win. Nothing is
// assumed of the data: where bytes tell the codes badly apart there are more survivors, never another winner.
#include <algorithm>
#include <cmath>
#include <vector>

#include "ladder.hpp"

namespace ladder {
namespace {

constexpr float SURE = 1 + 1e-4f;  // covers what float32 rounds, here and in the distances, up to some 1000 dimensions

struct Bytes {
  std::vector<int8_t> q;    // (count, d)
  std::vector<float> rest;  // (count): at least its length
};

Bytes quantise(const float* vectors, int64_t count, int64_t d, float step) {
  Bytes made{std::vector<int8_t>(count * d), std::vector<float>(count)};
  for (int64_t i = 0; i < count; ++i) {
    float left = 0;
    for (int64_t x = 0; x < d; ++x) {
      const float v = vectors[i * d + x], q = std::nearbyint(v / step), rest = v - step * q;
      made.q[i * d + x] = int8_t(q);
      left += rest * rest;
    }
    made.rest[i] = std::sqrt(left) * SURE;
  }
  return made;
}

int32_t byte_distance(const int8_t* a, const int8_t* b, int64_t d) {
  int32_t sum = 0;
  for (int64_t x = 0; x < d; ++x) sum += (a[x] - b[x]) * (a[x] - b[x]);
  return sum;
}

float distance(const float* a, const float* b, int64_t d) {
  float sum = 0;
  for (int64_t x = 0; x < d; ++x) sum += (a[x] - b[x]) * (a[x] - b[x]);
  return sum;
}

float largest(const float* values, int64_t count, float most) {
  for (int64_t i = 0; i < count; ++i) most = std::max(most, std::fabs(values[i]));
  return most;
}

}  // namespace

void screened(const Question& ask, int64_t* index) {
  const float most = largest(ask.rows, ask.n * ask.d, largest(ask.codes, ask.k * ask.d, 1e-30f)), step = most / 127;
  const Bytes rows = quantise(ask.rows, ask.n, ask.d, step), codes = quantise(ask.codes, ask.k, ask.d, step);
  std::vector<float> in_bytes(ask.k);
  for (int64_t i = 0; i < ask.n; ++i) {
    float nearest = INFINITY;  // no code can win that is surely further
    for (int64_t j = 0; j < ask.k; ++j) {
      in_bytes[j] = step * std::sqrt(float(byte_distance(&rows.q[i * ask.d], &codes.q[j * ask.d], ask.d)));
      nearest = std::min(nearest, in_bytes[j] + rows.rest[i] + codes.rest[j]);
    }
    float best = 0;
    index[i] = -1;
    for (int64_t j = 0; j < ask.k; ++j) {
      if (in_bytes[j] > (nearest + rows.rest[i] + codes.rest[j]) * SURE) continue;
      const float exact = distance(ask.rows + i * ask.d, ask.codes + j * ask.d, ask.d);
      if (index[i] < 0 || exact < best) best = exact, index[i] = j;
    }
  }
}

}  // namespace ladder
