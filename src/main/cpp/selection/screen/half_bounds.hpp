// Bounds from below and above for the loss of each hypothesis of a row, from a head in halves (half_head.hpp). As in
// byte_bounds.hpp: with t the errors and t' the screen's,
//   | |t| - |t'| | <= |t - t'| <= norm * |x - x'| + rest_size * |x'| + rounding
// but an activation is one half, so that its products with the last layer's halves are complete: nothing is dropped.
#pragma once
#include "selection/screen/half_tables.hpp"
#include "selection/screen/hypothesis_block.hpp"
#if defined(MVQ_SCREEN_IN_HALVES)

namespace mvq::MVQ_TIER {
namespace {

template <int ROWS, int GROUPS>
using LineSums = vi[ROWS][GROUPS];

/* Adds to the sums of GROUPS * W lines from `first` of them on: the products with pairs begin..end - 1 of
 * activations. */
template <int FIRST, int ROWS, int GROUPS>
MVQ_INLINE void add_pairs(const HalfHead& head, const int16_t* active, const int16_t* lines, int64_t begin, int64_t end,
                          LineSums<ROWS, GROUPS>& sum) {
#pragma GCC unroll 1
  for (int64_t p = begin; p < end; ++p) {
    vi w[GROUPS];
#pragma GCC unroll 4
    for (int g = FIRST; g < GROUPS; ++g) w[g] = load_int(lines + g * W * head.units + p * 2 * W);
#pragma GCC unroll 8
    for (int r = 0; r < ROWS; ++r) {
      int32_t pair;
      __builtin_memcpy(&pair, active + r * head.units + 2 * p, 4);
      const vi x = broadcast_int(pair);
#pragma GCC unroll 4
      for (int g = FIRST; g < GROUPS; ++g) add_dot_halves(sum[r][g], x, w[g]);
    }
  }
}

/* Adds to the totals of `count` hypotheses what GROUPS * W lines from line o on give: ROWS hypotheses at a time, so
 * that the sums fit in registers and their chains hide the latency of the products. */
template <bool GRAM, int GROUPS, int ROWS>
MVQ_NOINLINE void score_lines(const HalfHead& head, const HalfRoom& room, int64_t o, int64_t count) {
  const int16_t* lines = head.last + o * head.units;
  for (int64_t j = 0; j < count; j += ROWS) {
    const int16_t* active = room.active + j * head.units;
    LineSums<ROWS, GROUPS> sum;
#pragma GCC unroll 8
    for (int r = 0; r < ROWS; ++r)
#pragma GCC unroll 4
      for (int g = 0; g < GROUPS; ++g) sum[r][g] = broadcast_int(0);
    if constexpr (GRAM) {  // a triangle: each group of lines ends W units after the one before
      constexpr int STEP = W / 2;
      const int64_t p = o / 2 + STEP;
      add_pairs<0>(head, active, lines, 0, p, sum);
      if constexpr (GROUPS > 1) add_pairs<1>(head, active, lines, p, p + STEP, sum);
      if constexpr (GROUPS > 2) add_pairs<2>(head, active, lines, p + STEP, p + 2 * STEP, sum);
      if constexpr (GROUPS > 3) add_pairs<3>(head, active, lines, p + 2 * STEP, p + 3 * STEP, sum);
    } else {
      add_pairs<0>(head, active, lines, 0, head.units / 2, sum);
    }
    float* totals = room.totals + j * W;
#pragma GCC unroll 8
    for (int r = 0; r < ROWS; ++r) {
      vf total = o == 0 ? broadcast(0) : load(totals + r * W);
#pragma GCC unroll 4
      for (int g = 0; g < GROUPS; ++g) {
        const float* line = room.line + o + g * W;
        const vf sums = to_float(sum[r][g]), scale = load(line + head.lines);
        if constexpr (GRAM) {
          const vf x = to_float(load_halves(active + r * head.units + o + g * W));
          total = fma(fma(sums, scale, fma(x, load(line + 2 * head.lines), load(line))), x, total);
        } else {
          const vf t = fma(sums, scale, load(line));
          total = fma(t, t, total);
        }
      }
      store(totals + r * W, total);
    }
  }
}

/* Groups of lines at once, and hypotheses: their sums fill the registers beside what is multiplied. */
constexpr int LINE_GROUPS = W == 16 ? 4 : 2;

MVQ_INLINE void score_block(const HalfHead& head, const HalfRoom& room, int64_t count) {
  constexpr int64_t LINES = LINE_GROUPS * W;
  if (head.gram) {
    for (int64_t o = 0; o < head.lines; o += LINES) score_lines<true, LINE_GROUPS, 4>(head, room, o, count);
    return;
  }
  int64_t o = 0;
  for (; o + LINES <= head.lines; o += LINES) score_lines<false, LINE_GROUPS, 4>(head, room, o, count);
  switch ((head.lines - o) / W) {
    case 1: score_lines<false, 1, 8>(head, room, o, count); break;
    case 2: score_lines<false, 2, W == 16 ? 8 : 4>(head, room, o, count); break;
    case 3: score_lines<false, 3, 4>(head, room, o, count); break;
  }
}

/* What a total from a Gram matrix may be off by, with s = |x'| steps:
 *   rest_size * s^2                                     of the halves of twice the matrix,
 *   (outputs + units / W + 48) ULP * (|r| + size s)^2  of float32: the matrix, twice W' r, |r|^2 and the total
 *                                                       sum products whose magnitudes make at most that square. */
MVQ_INLINE vf gram_doubt(const HalfHead& head, const HalfRoom& room, vf size) {
  const vf s = size * broadcast(room.step), sum = fma(s, broadcast(head.size), broadcast(__builtin_sqrtf(room.errors)));
  const vf float_rounding = broadcast((float(head.outputs) + float(head.units) / W + 48) * ULP);
  return fma(broadcast(head.rest_size) * s, s, float_rounding * sum * sum) * broadcast(1 + 1e-4f);
}

/* least, most (BLOCK): the roots of outputs times the losses of hypotheses first.. of the prepared row lie between. */
MVQ_NOINLINE void bound_block(const mvq_select_hypothesis_args& args, const HalfHead& head, int64_t row, int64_t first,
                              HalfRoom& room, float* least, float* most) {
  const int64_t count = smaller(BLOCK, args.h - first);
  activate_block(head, room, block_masks(args, row, first, room.masks), count, first == 0);
  score_block(head, room, count);
  const float gross = float(head.hidden + 24) * ULP * head.size, root_hidden = __builtin_sqrtf(float(head.hidden));
  const vf fixed = broadcast((head.norm + gross) * room.step * room.hidden + room.rounding);
  const vf rest = broadcast(((head.gram ? 0 : head.rest_size) + gross) * room.step);
  const vf slack = broadcast(float(head.outputs + 64) * ULP), sure = broadcast(1 + 1e-5f);
  const auto plus = [](auto a, auto b) { return a + b; };
  for (int64_t j = 0; j < count; j += W) {
    vf total = sums_of_lanes(reinterpret_cast<const vf*>(room.totals) + j, plus), doubt = broadcast(0);
    const vf squares = to_float(sums_of_lanes(reinterpret_cast<const vi*>(room.squares) + j, plus));
    const vf size =
        (root(squares) + broadcast(root_hidden)) * broadcast(128);  // a half is below 128 * (its high byte + 1)
    if (head.gram) {
      total = total + broadcast(room.errors);
      doubt = gram_doubt(head, room, size);
    }
    const vf error = fma(rest, size, fixed) * sure, above = root(total + doubt);
    const vf below = root(larger(total - doubt, broadcast(0)));
    store(least + j, below - fma(slack, below, error));
    store(most + j, above + fma(slack, above, error));
  }
}

}  // namespace
}  // namespace mvq::MVQ_TIER
#endif
