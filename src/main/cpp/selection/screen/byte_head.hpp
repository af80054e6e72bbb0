// A hypothesis head of two layers and ReLU in fixed point, for the screening of hypotheses, and the norms that bound
// what it gets wrong. Weights are halves of about 15 bits, each a high and a low byte.
#pragma once
#include "abi/workspace.hpp"
#include "selection/screen/screened_sizes.hpp"
#include "selection/screen/spectral_norm.hpp"
#if defined(MVQ_SCREEN_IN_BYTES)

namespace mvq::MVQ_TIER {
namespace {

constexpr int UNITS = 64;  // hidden units scored at once: they are padded to a multiple of it
// The largest half of a weight times a latent: HIGH * 127 less what rounding may add to the low byte.
constexpr float LARGEST_FIRST = 29700;
constexpr int HIGH = 234;              // such a half is HIGH * its high byte + its low byte
constexpr float LARGEST_LAST = 16300;  // half of a weight of the last layer: 128 * its high byte + its low byte

struct ByteHead : ScreenedSizes {
  float* first;              // (units / 16, c padded to 4 / 4, 4, 16): see pack_first
  float* unit;               // (units): what 1 of a half stands for, at a largest latent of 1
  float* bias;               // (units) over `unit`
  int8_t *high, *low;        // last layer times `unit`, packed (wide / 16, units / 4, 16, 4)
  float* scale;              // (wide): what 1 of its halves stands for
  float* middle;             // (wide): what the low bytes add at the middle of an activation's low byte, 63.5
  uint8_t *rows, *low_rows;  // (wide, units) and (16, units) scratch
  float* row;                // (units) scratch
  float first_size,
      first_bias;  // at least the Frobenius norm of the first layer's weights over `unit`, and of its bias
  // of the last layer times `unit`, at least: the largest singular value; the Frobenius norms of it all, of what its
  // high bytes leave over, of what both leave over; and the norm of the last bias
  float norm, size, low_size, rest_size, last_bias;
  bool taken;   // false: the search is not screened
  bool usable;  // false: a weight is not finite, or too far from 1
};
using ScreenHead = ByteHead;

/* Workspace of a head for screening; nothing where the search is not screened. */
ByteHead take_screen_head(Workspace& workspace, const mvq_select_hypothesis_args& args) {
  ByteHead head{};
  head.taken = screens(args, UNITS, head);
  if (!head.taken) return head;
  head.first = workspace.take<float>(head.units, round_up(args.c, 4));
  head.unit = workspace.take<float>(head.units);
  head.bias = workspace.take<float>(head.units);
  head.high = workspace.take<int8_t>(head.wide, head.units);
  head.low = workspace.take<int8_t>(head.wide, head.units);
  head.scale = workspace.take<float>(head.wide);
  head.middle = workspace.take<float>(head.wide);
  head.rows = workspace.take<uint8_t>(head.wide, head.units);
  head.low_rows = workspace.take<uint8_t>(W, head.units);
  head.row = workspace.take<float>(head.units);
  return head;
}

/* Weights scaled to LARGEST_FIRST, 4 channels a 128-bit lane: lane l of vector t holds unit 4 l + t of its 16, so that
 * two rounds of packing to bytes leave the 4 channels of a unit together and the units in order. */
void pack_first(const mvq_head& source, ByteHead& head, float most) {
  const int64_t quads = (head.c + 3) / 4;
  __builtin_memset(head.first, 0, head.units * quads * 16);
  __builtin_memset(head.bias, 0, head.units * 4);
  double size = 0;
  for (int64_t o = 0; o < head.units; ++o) {
    const float* weight = source.weight[0] + o * head.c;
    const float own = o < head.hidden ? largest(weight, head.c) : 0;
    head.unit[o] = (own > most / 4 ? own : most / 4) / LARGEST_FIRST;
    if (o >= head.hidden) continue;
    const float factor = 1 / head.unit[o];
    if (source.bias[0]) head.bias[o] = source.bias[0][o] * factor;
    float* packed = head.first + o / 16 * quads * 64 + o % 4 * 16 + o % 16 / 4 * 4;
    for (int64_t quad = 0; quad < head.c / 4; ++quad)
      _mm_storeu_ps(packed + quad * 64, _mm_mul_ps(_mm_loadu_ps(weight + 4 * quad), _mm_set1_ps(factor)));
    for (int64_t i = head.c / 4 * 4; i < head.c; ++i) packed[i / 4 * 64 + i % 4] = weight[i] * factor;
    size += sum_of_squares(weight, head.c) * factor * factor;
  }
  constexpr double UP = 1 + 1e-4;
  head.first_size = float(__builtin_sqrt(size) * UP);
  head.first_bias = float(__builtin_sqrt(sum_of_squares(head.bias, head.units)) * UP);
}

/* What splitting the last layer found: sums of squares, in units of the weights. */
struct SplitSums {
  double all = 0, low = 0, rest = 0, scales = 0;  // of weights, of what high bytes or both leave over, of the scales
};

/* Row o of the last layer times `unit` in halves: its high and low bytes, offset by OFFSET. In 64 bytes, byte
 * 16 l + 4 t + e belongs to unit 16 t + 4 l + e: the order in which score_units packs activations. */
void split_row(const mvq_head& source, const ByteHead& head, int64_t o, float least, uint8_t* high, uint8_t* low,
               SplitSums& sums) {
  const __m512i offset = _mm512_set1_epi8(char(OFFSET));
  __m512 most = _mm512_setzero_ps(), all = most, lows = most, rests = most;
  __m512i middle = _mm512_setzero_si512();
  const bool real = o < head.outputs;
  for (int64_t j = 0; j < head.units; j += W) {
    vf weight = broadcast(0);
    if (real && j < head.hidden)
      weight = load_first(source.weight[1] + o * head.hidden + j, smaller(W, head.hidden - j));
    const __m512 x = __m512(weight * load(head.unit + j));
    most = _mm512_max_ps(most, _mm512_abs_ps(x));
    all = _mm512_fmadd_ps(x, x, all);
    _mm512_storeu_ps(head.row + j, x);
  }
  const float own = _mm512_reduce_max_ps(most), scale = (own > least ? own : least) / LARGEST_LAST;
  const __m512 factor = _mm512_set1_ps(1 / scale);
  for (int64_t j = 0; j < head.units; j += UNITS) {
    __m512i highs[4], low_bytes[4];
#pragma GCC unroll 4
    for (int t = 0; t < 4; ++t) {
      const __m512 x = _mm512_mul_ps(_mm512_loadu_ps(head.row + j + 16 * t), factor);
      const __m512i whole = _mm512_cvtps_epi32(x);
      highs[t] = _mm512_srai_epi32(_mm512_add_epi32(whole, _mm512_set1_epi32(64)), 7);
      low_bytes[t] = _mm512_sub_epi32(whole, _mm512_slli_epi32(highs[t], 7));
      const __m512 rest = _mm512_reduce_ps(x, 0), left = _mm512_add_ps(_mm512_cvtepi32_ps(low_bytes[t]), rest);
      lows = _mm512_fmadd_ps(left, left, lows);
      rests = _mm512_fmadd_ps(rest, rest, rests);
      middle = _mm512_add_epi32(middle, low_bytes[t]);
    }
    const auto pack = [&](const __m512i* v) {
      return _mm512_xor_si512(_mm512_packs_epi16(_mm512_packs_epi32(v[0], v[1]), _mm512_packs_epi32(v[2], v[3])),
                              offset);
    };
    _mm512_storeu_si512(high + j, pack(highs));
    _mm512_storeu_si512(low + j, pack(low_bytes));
  }
  head.scale[o] = scale;
  head.middle[o] = 63.5f * float(_mm512_reduce_add_epi32(middle));
  sums.all += _mm512_reduce_add_ps(all);
  sums.low += double(_mm512_reduce_add_ps(lows)) * scale * scale;
  sums.rest += double(_mm512_reduce_add_ps(rests)) * scale * scale;
  if (real) sums.scales += double(scale) * scale;
}

/* Packs a head for screening; leaves `usable` false where it cannot be bounded. */
void pack_screen_head(const mvq_head& source, ByteHead& head) {
  float first_most, most;
  head.usable = usable_head(source, head, first_most, most);
  if (!head.usable) return;
  pack_first(source, head, first_most);
  const float least_row = most * first_most * (0x1p-10f / LARGEST_FIRST);  // smaller rows keep fewer bits
  SplitSums sums;
  for (int64_t first = 0; first < head.wide; first += W) {
    for (int64_t r = 0; r < W; ++r)
      split_row(source, head, first + r, least_row, head.rows + (first + r) * head.units,
                head.low_rows + r * head.units, sums);
    pack_bytes(head.rows + first * head.units, W, head.units, head.high + first * head.units);
    pack_bytes(head.low_rows, W, head.units, head.low + first * head.units);
  }
  const TileRegisters tiles;
  const double high =
      spectral_norm(head.rows, head.high, head.scale, head.wide, head.units, smaller(head.hidden, head.outputs));
  // the halves were rounded before they were split: LARGEST_LAST * 4 ULP each
  const double rounded = 0.004 * __builtin_sqrt(sums.scales * double(head.hidden));
  constexpr double UP = 1 + 1e-4;
  head.size = float(__builtin_sqrt(sums.all) * UP);
  head.low_size = float((__builtin_sqrt(sums.low) + rounded) * UP);
  head.rest_size = float((__builtin_sqrt(sums.rest) + rounded) * UP);
  head.norm = float(128 * high * UP) + head.low_size;
  const float* last_bias = source.bias[1];
  head.last_bias = last_bias ? float(__builtin_sqrt(sum_of_squares(last_bias, head.outputs)) * UP) : 0;
}

}  // namespace
}  // namespace mvq::MVQ_TIER
#endif
