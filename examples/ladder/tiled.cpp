// Rung 2: a tile of ROWS x CODES sums is held in registers. A float that is read serves the whole tile, and the sums do
// not wait for one another. A lane is a row and never a summand: each sum adds in the plain order,
// so its bits are the same.
#include <algorithm>
#include <vector>

#include "ladder.hpp"

namespace ladder {
namespace {

constexpr int64_t ROWS = 16, CODES = 4;

/* Distances of ROWS rows, packed (d, ROWS), to `count` codes, at most CODES. */
void tile_distances(const float* packed, const float* codes, int64_t count, int64_t d, float (&sum)[CODES][ROWS]) {
  for (int64_t c = 0; c < CODES; ++c) std::fill(sum[c], sum[c] + ROWS, 0.0f);
  for (int64_t x = 0; x < d; ++x)
    for (int64_t c = 0; c < CODES; ++c) {
      const float code = codes[std::min(c, count - 1) * d + x];
      for (int64_t r = 0; r < ROWS; ++r) {  // a few vector instructions
        const float t = packed[x * ROWS + r] - code;
        sum[c][r] += t * t;
      }
    }
}

}  // namespace

void tiled(const Question& ask, int64_t* index) {
  std::vector<float> packed(ask.d * ROWS);
  for (int64_t first = 0; first < ask.n; first += ROWS) {
    const int64_t rows = std::min(ROWS, ask.n - first);
    for (int64_t x = 0; x < ask.d; ++x)  // transposed, so that a vector load brings one dimension of ROWS rows
      for (int64_t r = 0; r < ROWS; ++r) packed[x * ROWS + r] = ask.rows[(first + std::min(r, rows - 1)) * ask.d + x];
    float best[ROWS], sum[CODES][ROWS];
    int64_t winner[ROWS];
    std::fill(winner, winner + ROWS, -1);
    for (int64_t j = 0; j < ask.k; j += CODES) {
      const int64_t codes = std::min(CODES, ask.k - j);
      tile_distances(packed.data(), ask.codes + j * ask.d, codes, ask.d, sum);
      for (int64_t c = 0; c < codes; ++c)
        for (int64_t r = 0; r < ROWS; ++r)
          if (winner[r] < 0 || sum[c][r] < best[r]) best[r] = sum[c][r], winner[r] = j + c;
    }
    std::copy(winner, winner + rows, index + first);
  }
}

}  // namespace ladder
