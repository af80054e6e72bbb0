// A hypothesis head of two layers and ReLU in halves (int16), for the screening of hypotheses where vpdpwssd but no AMX
// multiplies: one product of halves does what three products of bytes do (byte_head.hpp), in two thirds of the time.
#pragma once
#include "abi/workspace.hpp"
#include "selection/screen/screened_sizes.hpp"
#include "selection/screen/spectral_norm.hpp"
#if defined(MVQ_SCREEN_IN_HALVES)

namespace mvq::MVQ_TIER {
namespace {

constexpr int UNITS = 64;               // hidden units are padded to a multiple of it
constexpr int NIBBLE = 4;               // channels whose masks index one table, see HalfRoom
constexpr float LARGEST_LAST = 8100;    // half of a weight of the last layer: 64 * its high byte + its low one
constexpr double ROUNDED_HALF = 0.002;  // a half was rounded from float32 products: 8100 * 4 ULP at most
constexpr double UPWARDS = 1 + 1e-4;    // covers what float32 rounds in sums of squares

struct HalfHead : ScreenedSizes {
  bool gram;            // the last layer W as the Gram matrix W' W, see half_gram.hpp
  int64_t lines;        // rows of `last`: outputs, or units of the Gram matrix, padded
  int64_t nibbles;      // of channels
  float* first;         // (c padded to NIBBLE, units) the first layer over `unit`, units as `place` orders them
  float* bias;          // (units) its bias over `unit`, in the same order
  float* unit;          // (units): the largest weight of each, or a quarter of the largest of all
  int16_t* last;        // the last layer times `unit`, or twice the Gram matrix of that, over `scale`:
                        // (lines / 16, units / 2, 16, 2)
  float* scale;         // (lines)
  uint8_t* rows;        // (lines, units) scratch: high bytes
  int8_t* packed;       // (lines, units) scratch: high bytes, see pack_bytes
  float* row;           // (units) scratch; with a Gram matrix 16 of them
  float* wide_last;     // with a Gram matrix: the last layer times `unit` (outputs, units),
  float* diagonal;      // and the Gram matrix's diagonal (units), which is not in `last`
  int32_t largest_sum;  // of the positive or the negative halves of an output
  float first_size,
      first_bias;  // at least the Frobenius norm of the first layer's weights over `unit`, and of its bias
  // of the last layer times `unit`, at least: the largest singular value, the Frobenius norms of it all and of what the
  // halves leave over, and the norm of the last bias
  float norm, size, rest_size, last_bias;
  bool taken;   // false: the search is not screened
  bool usable;  // false: a weight is not finite, or too far from 1
};
using ScreenHead = HalfHead;

/* Where unit o lies in a row of floats, so that packing two vectors to halves leaves the units in order. */
MVQ_INLINE int64_t place(int64_t o) { return o / 32 * 32 + o % 8 / 4 * 16 + o % 32 / 8 * 4 + o % 4; }

/* Workspace of a head for screening; nothing where the search is not screened. */
HalfHead take_screen_head(Workspace& workspace, const mvq_select_hypothesis_args& args) {
  HalfHead head{};
  head.taken = screens(args, UNITS, head);
  if (!head.taken) return head;
  head.nibbles = (args.c + NIBBLE - 1) / NIBBLE;
  head.first = workspace.take<float>(NIBBLE * head.nibbles, head.units);
  head.bias = workspace.take<float>(head.units);
  head.unit = workspace.take<float>(head.units);
  head.gram = gram_pays(head);
  head.lines = head.gram ? head.units : head.wide;
  head.last = workspace.take<int16_t>(head.lines, head.units);
  head.scale = workspace.take<float>(head.lines);
  head.row = workspace.take<float>(head.gram ? W : 1, head.units);
  if (head.gram) {
    head.wide_last = workspace.take<float>(head.outputs, head.units);
    head.diagonal = workspace.take<float>(head.units);
  } else {
    head.rows = workspace.take<uint8_t>(head.wide, head.units);
    head.packed = workspace.take<int8_t>(head.wide, head.units);
  }
  return head;
}

void pack_first(const mvq_head& source, HalfHead& head, float most) {
  __builtin_memset(head.first, 0, head.units * head.nibbles * NIBBLE * 4);
  __builtin_memset(head.bias, 0, head.units * 4);
  double size = 0;
  for (int64_t o = 0; o < head.units; ++o) {
    const float* weight = source.weight[0] + o * head.c;
    const float own = o < head.hidden ? largest(weight, head.c) : 0;
    head.unit[o] = own > most / 4 ? own : most / 4;
    if (o >= head.hidden) continue;
    const float factor = 1 / head.unit[o];
    if (source.bias[0]) head.bias[place(o)] = source.bias[0][o] * factor;
    float* column = head.first + place(o);
    for (int64_t i = 0; i < head.c; ++i) column[i * head.units] = weight[i] * factor;
    size += sum_of_squares(weight, head.c) * factor * factor;
  }
  head.first_size = float(__builtin_sqrt(size) * UPWARDS);
  head.first_bias = float(__builtin_sqrt(sum_of_squares(head.bias, head.units)) * UPWARDS);
}

/* What splitting the last layer found: sums of squares, in units of the weights. */
struct SplitSums {
  double all = 0, low = 0, rest = 0, scales = 0;  // of all, of what high bytes or halves leave over, of the scales
};

/* Line o of what becomes halves, `row`, of which `most` is the largest magnitude; `each(j, halves, rest)` takes 16 of
 * them and what they leave over. */
template <class Each>
MVQ_INLINE void split_line(HalfHead& head, int64_t o, const float* row, float most, float least, SplitSums& sums,
                           Each each) {
  const float scale = (most > least ? most : least) / LARGEST_LAST;
  const __m512 factor = _mm512_set1_ps(1 / scale);
  const __m512i zero = _mm512_setzero_si512();
  __m512 rests = _mm512_setzero_ps();
  __m512i positive = zero, negative = zero;
  for (int64_t j = 0; j < head.units; j += W) {
    const __m512 x = _mm512_mul_ps(_mm512_loadu_ps(row + j), factor), rest = _mm512_reduce_ps(x, 0);
    const __m512i whole = _mm512_cvtps_epi32(x);
    rests = _mm512_fmadd_ps(rest, rest, rests);
    positive = _mm512_add_epi32(positive, _mm512_max_epi32(whole, zero));
    negative = _mm512_sub_epi32(negative, _mm512_min_epi32(whole, zero));
    alignas(32) int16_t halves[W];
    _mm256_store_si256(reinterpret_cast<__m256i*>(halves), _mm512_cvtepi32_epi16(whole));
    int16_t* to = head.last + o / W * W * head.units + j * W + o % W * 2;
    for (int64_t r = 0; r < W; r += 2) __builtin_memcpy(to + r * W, halves + r, 4);
    each(j, whole, rest);
  }
  head.scale[o] = scale;
  const int32_t either = int32_t(larger(_mm512_reduce_add_epi32(positive), _mm512_reduce_add_epi32(negative)));
  head.largest_sum = int32_t(larger(head.largest_sum, either));
  sums.rest += double(_mm512_reduce_add_ps(rests)) * scale * scale;
  if (most > 0) sums.scales += double(scale) * scale;
}

/* Row o of the last layer times `unit` -> row (units); its largest magnitude. */
float last_row(const mvq_head& source, const HalfHead& head, int64_t o, float* row) {
  __m512 most = _mm512_setzero_ps();
  for (int64_t j = 0; j < head.units; j += W) {
    vf weight = broadcast(0);
    if (j < head.hidden) weight = load_first(source.weight[1] + o * head.hidden + j, smaller(W, head.hidden - j));
    const __m512 x = __m512(weight * load(head.unit + j));
    most = _mm512_max_ps(most, _mm512_abs_ps(x));
    _mm512_storeu_ps(row + j, x);
  }
  return _mm512_reduce_max_ps(most);
}

/* The last layer times `unit` in halves, and their high bytes for its norm. */
void pack_last(const mvq_head& source, HalfHead& head, float least) {
  SplitSums sums;
  for (int64_t o = 0; o < head.wide; ++o) {
    float most = 0;
    if (o < head.outputs) most = last_row(source, head, o, head.row);
    else __builtin_memset(head.row, 0, head.units * 4);
    __m512 lows = _mm512_setzero_ps();
    split_line(head, o, head.row, most, least, sums, [&](int64_t j, __m512i whole, __m512 rest) {
      const __m512i high = _mm512_srai_epi32(_mm512_add_epi32(whole, _mm512_set1_epi32(32)), 6);
      const __m512 low = _mm512_add_ps(_mm512_cvtepi32_ps(_mm512_sub_epi32(whole, _mm512_slli_epi32(high, 6))), rest);
      lows = _mm512_fmadd_ps(low, low, lows);
      _mm_storeu_si128(reinterpret_cast<__m128i*>(head.rows + o * head.units + j),
                       _mm_xor_si128(_mm512_cvtepi32_epi8(high), _mm_set1_epi8(char(OFFSET))));
    });
    sums.low += double(_mm512_reduce_add_ps(lows)) * head.scale[o] * head.scale[o];
    sums.all += sum_of_squares(head.row, head.units);
  }
  pack_bytes(head.rows, head.wide, head.units, head.packed);
  const double high =
      spectral_norm(head.rows, head.packed, head.scale, head.wide, head.units, smaller(head.hidden, head.outputs));
  const double rounded = ROUNDED_HALF * __builtin_sqrt(sums.scales * double(head.hidden));
  head.size = float(__builtin_sqrt(sums.all) * UPWARDS);
  head.rest_size = float((__builtin_sqrt(sums.rest) + rounded) * UPWARDS);
  head.norm = float((64 * high + __builtin_sqrt(sums.low) + rounded) * UPWARDS);
}

}  // namespace
}  // namespace mvq::MVQ_TIER
#endif
