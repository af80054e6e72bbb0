// What all hypotheses of a row share in a screen in halves. A mask selects which products of the first layer and the
// latents are summed: of every NIBBLE channels all 16 sums are tabled,
// so that a hypothesis adds one line of halves a nibble.
#pragma once
#include "selection/screen/half_gram.hpp"
#if defined(MVQ_SCREEN_IN_HALVES)

namespace mvq::MVQ_TIER {
namespace {

/* A worker's room, and what holds for all hypotheses of its row. */
struct HalfRoom {
  float* latents;      // (c padded to NIBBLE), scaled
  int16_t* tables;     // (nibbles, 16, units): the sums by mask; the bias is in the first of them
  float* error;        // (wide): r = base + last bias - target
  float* line;         // (3, lines): what a line of `last` starts from (r, or twice W' r in steps), the scale of its
                       // products, and with a Gram matrix its diagonal
  uint64_t* masks;     // (BLOCK, mask words)
  int16_t* active;     // (BLOCK, units)
  float* totals;       // (BLOCK, W): errors squared
  int32_t* squares;    // (BLOCK, W): squares of the activations over 128
  int16_t shrink = 0;  // an activation's half is its sum * shrink / 2^15
  float step = 0;      // what 1 of it stands for, in units of HalfHead
  float hidden = 0, rounding = 0;  // |x - x'| in steps, and the rounding of sums, at most; see half_bounds.hpp
  float errors = 0;                // |r|^2, for a Gram matrix
};
using ScreenRoom = HalfRoom;

HalfRoom take_screen_room(Workspace& workspace, const HalfHead& head, int threads) {
  return {workspace.take<float>(threads, head.nibbles * NIBBLE),
          workspace.take<int16_t>(threads, head.nibbles * 16, head.units),
          workspace.take<float>(threads, head.wide),
          workspace.take<float>(threads, 3, head.lines),
          workspace.take<uint64_t>(threads, BLOCK, mask_words(head.c)),
          workspace.take<int16_t>(threads, BLOCK, head.units),
          workspace.take<float>(threads, BLOCK, W),
          workspace.take<int32_t>(threads, BLOCK, W)};
}

HalfRoom worker_room(const HalfRoom& first, const HalfHead& head, int64_t worker) {
  HalfRoom room = first;
  room.latents += worker * head.nibbles * NIBBLE;
  room.tables += worker * head.nibbles * 16 * head.units;
  room.error += worker * head.wide;
  room.line += worker * 3 * head.lines;
  room.masks += worker * BLOCK * mask_words(head.c);
  room.active += worker * BLOCK * head.units;
  room.totals += worker * BLOCK * W;
  room.squares += worker * BLOCK * W;
  return room;
}

/* The largest magnitude that a unit, or its sum without the bias, can reach under any mask: no line of a table and no
 * sum of lines is larger. `inverse` takes the bias to the scale of the latents. */
float farthest_reach(const HalfHead& head, const HalfRoom& room, float inverse) {
  const vf scale = broadcast(inverse), half = broadcast(0.5f);
  vf most = broadcast(0);
  for (int64_t o = 0; o < head.units; o += W) {
    const vf bias = load(head.bias + o) * scale;
    vf sum = broadcast(0), sizes = sum;
    for (int64_t i = 0; i < head.c; ++i) {
      const vf x = load(head.first + i * head.units + o) * broadcast(room.latents[i]);
      sum = sum + x;
      sizes = sizes + absolute(x);
    }
    const vf middle = fma(sum, half, bias);  // the sums lie around it by half of the sizes
    const vf without = absolute(sum) * half;
    most = larger(most, fma(sizes, half, larger(absolute(middle), without)));
    most = larger(most, absolute(bias));
  }
  return largest_of_lanes(most);
}

/* The 16 sums of NIBBLE channels for 2 * W units, in halves -> table (16, units). */
MVQ_INLINE void fill_table(const float* weight, const float* latents, int64_t units, const vf start[2],
                           int16_t* table) {
  vf x[NIBBLE][2];
#pragma GCC unroll 4
  for (int i = 0; i < NIBBLE; ++i)
    for (int v = 0; v < 2; ++v) x[i][v] = load(weight + i * units + v * W) * broadcast(latents[i]);
  const auto put = [&](int mask, const vf* sum) {
    store_int(table + mask * units, pack_halves(round_to_int(sum[0]), round_to_int(sum[1])));
  };
#pragma GCC unroll 4
  for (int high = 0; high < 4; ++high) {
    vf none[2], first[2], second[2], all[2];
    for (int v = 0; v < 2; ++v) {
      none[v] = start[v];
      if (high & 1) none[v] = none[v] + x[2][v];
      if (high & 2) none[v] = none[v] + x[3][v];
      first[v] = none[v] + x[0][v];
      second[v] = none[v] + x[1][v];
      all[v] = first[v] + x[1][v];
    }
    put(4 * high, none), put(4 * high + 1, first), put(4 * high + 2, second), put(4 * high + 3, all);
  }
}

/* What each line of `last` starts from and is scaled by. */
void start_lines(const HalfHead& head, HalfRoom& room) {
  const vf step = broadcast(room.step);
  if (head.gram) {
    room.errors = float(sum_of_squares(room.error, head.outputs));
    twice_linear(head, room.error, room.line);
  }
  for (int64_t o = 0; o < head.lines; o += W) {
    const vf scale = load(head.scale + o) * step;
    float* line = room.line + o;
    store(line + head.lines, head.gram ? scale * step : scale);
    store(line, head.gram ? load(line) * step : load(room.error + o));
    if (head.gram) store(line + 2 * head.lines, load(head.diagonal + o) * step * step);
  }
}

/* Makes the room ready for a row; false where its numbers cannot be bounded. */
MVQ_NOINLINE bool prepare_row(const mvq_select_hypothesis_args& args, const HalfHead& head, int64_t row,
                              HalfRoom& room) {
  const float *latents = args.latents + row * head.c, *base = args.base + row * head.outputs,
              *target = args.target + row * head.outputs, *bias = args.head.bias[1];
  const float most = largest(latents, head.c);
  if (!screenable(most) || !bounded(largest(base, head.outputs)) || !bounded(largest(target, head.outputs)))
    return false;
  const float inverse = 1 / most;
  for (int64_t i = 0; i < head.nibbles * NIBBLE; ++i) room.latents[i] = i < head.c ? latents[i] * inverse : 0;
  constexpr float LEAST_REACH = 0x1p-20f, MOST_REACH = 0x1p28f, UP = 1 + 1e-5f;
  constexpr float LARGEST_SUM = 32700;  // with what rounding adds a half still holds it
  const float reach = farthest_reach(head, room, inverse);
  if (!(reach <= MOST_REACH)) return false;
  const float scale = LARGEST_SUM / (reach > LEAST_REACH ? reach : LEAST_REACH);
  for (int64_t i = 0; i < head.nibbles * NIBBLE; ++i) room.latents[i] *= scale;
  const vf bias_scale = broadcast(inverse * scale), zero = broadcast(0);
  for (int64_t q = 0; q < head.nibbles; ++q)
    for (int64_t o = 0; o < head.units; o += 2 * W) {
      vf start[2] = {zero, zero};
      for (int v = 0; v < 2 && q == 0; ++v) start[v] = load(head.bias + o + v * W) * bias_scale;
      fill_table(head.first + q * NIBBLE * head.units + o, room.latents + q * NIBBLE, head.units, start,
                 room.tables + q * 16 * head.units + o);
    }

  // activations small enough that no sum of products with the last layer leaves int32
  room.shrink = int16_t(smaller(INT16_MAX, INT32_MAX / head.largest_sum - 1));
  const float power = 32768 / float(room.shrink), root_hidden = __builtin_sqrtf(float(head.hidden));
  room.step = most / scale * power;
  for (int64_t o = 0; o < head.wide; ++o)
    room.error[o] = o < head.outputs ? (base[o] + (bias ? bias[o] : 0)) - target[o] : 0;
  start_lines(head, room);

  // at least the norm, over the units, of |bias| + the sum of |weight * latent| (Cauchy and Schwarz)
  const float gross =
      (head.first_bias + head.first_size * float(__builtin_sqrt(sum_of_squares(latents, head.c)))) * inverse;

  // in steps: a line of a table rounds by 1/2 and, all lines together, float32 by less than 1/20; shrinking by 1/2
  room.hidden = (root_hidden * (0.501f + (0.51f * float(head.nibbles) + 0.05f) / power) +
                 float(head.c + 8) * ULP * gross * scale / power) *
                UP;
  const float sizes =
      float(__builtin_sqrt(sum_of_squares(base, head.outputs)) + __builtin_sqrt(sum_of_squares(target, head.outputs))) +
      head.last_bias;
  room.rounding = sizes * float(head.hidden + 24) * ULP * UP;
  return true;
}

}  // namespace
}  // namespace mvq::MVQ_TIER
#endif
