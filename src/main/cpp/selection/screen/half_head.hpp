// A hypothesis head of two layers and ReLU in halves (int16), for the screening of hypotheses where vpdpwssd or
// vpmaddwd but no AMX multiplies: one product of halves does what three products of bytes do
// (byte_head.hpp), in two thirds of the time.
#pragma once
#include "abi/workspace.hpp"
#include "selection/screen/screened_sizes.hpp"
#include "selection/screen/spectral_norm.hpp"
#if defined(MVQ_SCREEN_IN_HALVES)

namespace mvq::MVQ_TIER {
namespace {

constexpr int UNITS = 64;             // hidden units are padded to a multiple of it
constexpr int NIBBLE = 4;             // channels whose masks index one table, see HalfRoom
constexpr float LARGEST_LAST = 8100;  // half of a weight of the last layer: HIGH_STEP * its high byte + its low one
constexpr int HIGH_BITS = BYTE_MOST == 127 ? 6 : 7, HIGH_STEP = 1 << HIGH_BITS;
static_assert(LARGEST_LAST / HIGH_STEP + 0.5f < BYTE_MOST + 1);
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
                        // (lines / W, units / 2, W, 2)
  float* scale;         // (lines)
  uint8_t* rows;        // (lines, units) scratch: high bytes
  int8_t* packed;       // (lines, units) scratch: high bytes, see pack_bytes
  float* row;           // (units) scratch; with a Gram matrix W of them
  float* wide_last;     // with a Gram matrix: the last layer times `unit`, (units / PANEL, outputs, PANEL),
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
MVQ_INLINE int64_t place(int64_t o) { return o / (2 * W) * 2 * W + o % 8 / 4 * W + o % (2 * W) / 8 * 4 + o % 4; }

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

/* Line o of what becomes halves, `row`, of which `most` is the largest magnitude; `each(j, halves, rest)` takes W of
 * them and what they leave over. */
template <class Each>
MVQ_INLINE void split_line(HalfHead& head, int64_t o, const float* row, float most, float least, SplitSums& sums,
                           Each each) {
  const float scale = (most > least ? most : least) / LARGEST_LAST;
  const vf factor = broadcast(1 / scale);
  const vi zero = broadcast_int(0);
  vf rests = broadcast(0);
  vi positive = zero, negative = zero;
  for (int64_t j = 0; j < head.units; j += W) {
    const vf x = load(row + j) * factor;
    const vi whole = round_to_int(x);
    const vf rest = x - to_float(whole);
    rests = fma(rest, rest, rests);
    positive += larger(whole, zero);
    negative -= smaller(whole, zero);
    int16_t halves[W];
    store_halves(halves, whole);
    int16_t* to = head.last + o / W * W * head.units + j * W + o % W * 2;
    for (int64_t r = 0; r < W; r += 2) __builtin_memcpy(to + r * W, halves + r, 4);
    each(j, whole, rest);
  }
  head.scale[o] = scale;
  const int32_t either = int32_t(larger(sum_of_lanes(positive), sum_of_lanes(negative)));
  head.largest_sum = int32_t(larger(head.largest_sum, either));
  sums.rest += double(sum_of_lanes(rests)) * scale * scale;
  if (most > 0) sums.scales += double(scale) * scale;
}

/* Row o of the last layer times `unit` -> row (units); its largest magnitude. */
float last_row(const mvq_head& source, const HalfHead& head, int64_t o, float* row) {
  vf most = broadcast(0);
  for (int64_t j = 0; j < head.units; j += W) {
    vf weight = broadcast(0);
    if (j < head.hidden) weight = load_first(source.weight[1] + o * head.hidden + j, smaller(W, head.hidden - j));
    const vf x = weight * load(head.unit + j);
    most = larger(most, absolute(x));
    store(row + j, x);
  }
  return largest_of_lanes(most);
}

/* The last layer times `unit` in halves, and their high bytes for its norm. */
void pack_last(const mvq_head& source, HalfHead& head, float least) {
  SplitSums sums;
  for (int64_t o = 0; o < head.wide; ++o) {
    float most = 0;
    if (o < head.outputs) most = last_row(source, head, o, head.row);
    else __builtin_memset(head.row, 0, head.units * 4);
    vf lows = broadcast(0);
    split_line(head, o, head.row, most, least, sums, [&](int64_t j, vi whole, vf rest) {
      const vi high = (whole + broadcast_int(HIGH_STEP / 2)) >> HIGH_BITS;
      const vf low = to_float(whole - (high << HIGH_BITS)) + rest;
      lows = fma(low, low, lows);
      store_bytes(head.rows + o * head.units + j, high);
    });
    sums.low += double(sum_of_lanes(lows)) * head.scale[o] * head.scale[o];
    sums.all += sum_of_squares(head.row, head.units);
  }
  for (int64_t i = 0; i < head.wide * head.units; ++i) head.rows[i] = uint8_t(head.rows[i] + OFFSET);
  pack_bytes(head.rows, head.wide, head.units, head.packed);
  const double high =
      spectral_norm(head.rows, head.packed, head.scale, head.wide, head.units, smaller(head.hidden, head.outputs));
  const double rounded = ROUNDED_HALF * __builtin_sqrt(sums.scales * double(head.hidden));
  head.size = float(__builtin_sqrt(sums.all) * UPWARDS);
  head.rest_size = float((__builtin_sqrt(sums.rest) + rounded) * UPWARDS);
  head.norm = float((HIGH_STEP * high + __builtin_sqrt(sums.low) + rounded) * UPWARDS);
}

}  // namespace
}  // namespace mvq::MVQ_TIER
#endif
