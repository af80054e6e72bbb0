// The Gram matrix in place of the last layer, where that has many outputs for its units. With r = base + last bias -
// target, W the last layer and x the activations,  |r + W x|^2 = |r|^2 + 2 (W' r) x + x' (W' W) x : a row's W' r is
// taken once, and of the symmetric W' W a triangle is enough, so that units^2 / 2 products do what units * outputs did.
#pragma once
#include "selection/screen/half_head.hpp"
#if defined(MVQ_SCREEN_IN_HALVES)

namespace mvq::MVQ_TIER {
namespace {

constexpr int PANEL = 2 * W;  // units whose weights lie together, (outputs, PANEL): they stay in the first-level cache

/* Where the weights of unit j to output o are in `wide_last`. */
MVQ_INLINE float* panel_at(const HalfHead& head, int64_t j, int64_t o) {
  return head.wide_last + (j / PANEL * head.outputs + o) * PANEL + j % PANEL;
}

/* Lines i..i + W - 1 of the Gram matrix up to their diagonal -> strip (W, units). */
void gram_strip(const HalfHead& head, int64_t i, float* strip) {
  constexpr int ROWS = W == 16 ? 8 : 4;  // whose sums fit in registers, and hide each other's latency
  for (int64_t r = 0; r < W; r += ROWS)
    for (int64_t j = 0; j <= i; j += PANEL) {
      vf sum[ROWS][2];
#pragma GCC unroll 8
      for (int s = 0; s < ROWS; ++s) sum[s][0] = sum[s][1] = broadcast(0);
      const float *row = panel_at(head, i + r, 0), *panel = panel_at(head, j, 0);
#pragma GCC unroll 1
      for (int64_t o = 0; o < head.outputs; ++o, row += PANEL, panel += PANEL) {
        const vf x[2] = {load(panel), load(panel + W)};
#pragma GCC unroll 8
        for (int s = 0; s < ROWS; ++s) {
          const vf w = broadcast(row[s]);
          sum[s][0] = fma(w, x[0], sum[s][0]);
          sum[s][1] = fma(w, x[1], sum[s][1]);
        }
      }
      for (int s = 0; s < ROWS; ++s)
        for (int v = 0; v < 2; ++v) store(strip + (r + s) * head.units + j + v * W, sum[s][v]);
    }
}

/* Twice the Gram matrix below its diagonal in halves, and the norm of the last layer: the root of the matrix's largest
 * eigenvalue, which is bounded as in spectral_norm.hpp. */
void pack_gram(const mvq_head& source, HalfHead& head, float least) {
  for (int64_t o = 0; o < head.outputs; ++o) {
    last_row(source, head, o, head.row);
    for (int64_t j = 0; j < head.units; j += W) store(panel_at(head, j, o), load(head.row + j));
  }
  SplitSums sums;
  double trace = 0, squares = 0;
  for (int64_t i = 0; i < head.units; ++i) {
    if (i % W == 0) gram_strip(head, i, head.row);
    float* line = head.row + i % W * head.units;
    head.diagonal[i] = line[i];
    trace += line[i];
    for (int64_t j = i; j < head.units; ++j) line[j] = 0;
    for (int64_t j = 0; j < i; j += W) store(line + j, load(line + j) * broadcast(2));
    const float most = largest(line, i);
    const double own = sum_of_squares(line, i);
    squares += own / 2 + double(head.diagonal[i]) * head.diagonal[i];
    split_line(head, i, line, most, least, sums, [](int64_t, vi, vf) {});
  }
  // a float32 sum of products is off by (outputs + 8) ULP of the same sum of magnitudes, and those make a matrix of
  // trace^2 squares at most
  const double rounding = double(head.outputs + 8) * ULP * trace, size = trace * UPWARDS;
  const double rank = double(smaller(head.hidden, head.outputs)), mean = size / rank;
  const double all = (__builtin_sqrt(squares) * UPWARDS + rounding), rest = all * all - trace * trace / rank / UPWARDS;
  head.norm = float(__builtin_sqrt((mean + __builtin_sqrt(rest > 0 ? rest : 0) + rounding) * UPWARDS));
  head.size = float(__builtin_sqrt(size));
  head.rest_size =
      float((__builtin_sqrt(sums.rest) + ROUNDED_HALF * __builtin_sqrt(sums.scales * double(head.hidden))) * UPWARDS);
}

/* W' r of a row -> twice (units); r (outputs). */
void twice_linear(const HalfHead& head, const float* r, float* twice) {
  constexpr int PANELS = UNITS / PANEL;
  for (int64_t j = 0; j < head.units; j += UNITS) {
    vf sum[PANELS][2];
    for (int p = 0; p < PANELS; ++p) sum[p][0] = sum[p][1] = broadcast(0);
    const float* panel = panel_at(head, j, 0);
    for (int64_t o = 0; o < head.outputs; ++o, panel += PANEL) {
      const vf twice_r = broadcast(2 * r[o]);
#pragma GCC unroll 4
      for (int p = 0; p < PANELS; ++p)
#pragma GCC unroll 2
        for (int v = 0; v < 2; ++v) sum[p][v] = fma(twice_r, load(panel + p * head.outputs * PANEL + v * W), sum[p][v]);
    }
    for (int p = 0; p < PANELS; ++p)
      for (int v = 0; v < 2; ++v) store(twice + j + p * PANEL + v * W, sum[p][v]);
  }
}

/* Packs a head for screening; leaves `usable` false where it cannot be bounded. */
void pack_screen_head(const mvq_head& source, HalfHead& head) {
  float first_most, most;
  head.usable = usable_head(source, head, first_most, most);
  if (!head.usable) return;
  pack_first(source, head, first_most);
  head.largest_sum = 1;
  const float least = most * first_most * 0x1p-10f;  // smaller lines keep fewer bits
  if (head.gram) pack_gram(source, head, least * least);
  else pack_last(source, head, least);
  head.last_bias = source.bias[1] ? float(__builtin_sqrt(sum_of_squares(source.bias[1], head.outputs)) * UPWARDS) : 0;
}

}  // namespace
}  // namespace mvq::MVQ_TIER
#endif
