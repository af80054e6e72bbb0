// The Gram matrix in place of the last layer, where that has many outputs for its units. With r = base + last bias -
// target, W the last layer and x the activations,  |r + W x|^2 = |r|^2 + 2 (W' r) x + x' (W' W) x : a row's W' r is
// taken once, and of the symmetric W' W a triangle is enough, so that units^2 / 2 products do what units * outputs did.
#pragma once
#include "selection/screen/half_head.hpp"
#if defined(MVQ_SCREEN_IN_HALVES)

namespace mvq::MVQ_TIER {
namespace {

/* Lines i..i + W - 1 of the Gram matrix up to their diagonal block of 64 -> strip (W, units). */
void gram_strip(const HalfHead& head, int64_t i, float* strip) {
  constexpr int VECTORS_WIDE = UNITS / W, ROWS = W == 16 ? 4 : 1;  // whose sums fit in registers
  for (int64_t r = 0; r < W; r += ROWS)
    for (int64_t j = 0; j <= i; j += UNITS) {
      vf sum[ROWS][VECTORS_WIDE];
#pragma GCC unroll 4
      for (int s = 0; s < ROWS; ++s)
#pragma GCC unroll 8
        for (int v = 0; v < VECTORS_WIDE; ++v) sum[s][v] = broadcast(0);
      const float* row = head.wide_last;
#pragma GCC unroll 1
      for (int64_t o = 0; o < head.outputs; ++o, row += head.units) {
        vf x[VECTORS_WIDE];
#pragma GCC unroll 8
        for (int v = 0; v < VECTORS_WIDE; ++v) x[v] = load(row + j + v * W);
#pragma GCC unroll 4
        for (int s = 0; s < ROWS; ++s) {
          const vf w = broadcast(row[i + r + s]);
#pragma GCC unroll 8
          for (int v = 0; v < VECTORS_WIDE; ++v) sum[s][v] = fma(w, x[v], sum[s][v]);
        }
      }
      for (int s = 0; s < ROWS; ++s)
        for (int v = 0; v < VECTORS_WIDE; ++v) store(strip + (r + s) * head.units + j + v * W, sum[s][v]);
    }
}

/* Twice the Gram matrix below its diagonal in halves, and the norm of the last layer: the root of the matrix's largest
 * eigenvalue, which is bounded as in spectral_norm.hpp. */
void pack_gram(const mvq_head& source, HalfHead& head, float least) {
  for (int64_t o = 0; o < head.outputs; ++o) last_row(source, head, o, head.wide_last + o * head.units);
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
  for (int64_t j = 0; j < head.units; j += UNITS) {
    vf sum[UNITS / W];
    for (vf& s : sum) s = broadcast(0);
    for (int64_t o = 0; o < head.outputs; ++o)
#pragma GCC unroll 4
      for (int v = 0; v < UNITS / W; ++v)
        sum[v] = fma(broadcast(2 * r[o]), load(head.wide_last + o * head.units + j + v * W), sum[v]);
    for (int v = 0; v < UNITS / W; ++v) store(twice + j + v * W, sum[v]);
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
