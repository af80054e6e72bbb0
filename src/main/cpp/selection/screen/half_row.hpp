// What all hypotheses of a row share in a screen in halves: latents scaled so that no sum of the first layer leaves a
// half, the errors that the last layer starts from, and bounds of what rounding does.
#pragma once
#include "selection/screen/half_gram.hpp"
#if defined(MVQ_SCREEN_IN_HALVES)

namespace mvq::MVQ_TIER {
namespace {

/* A worker's room, and what holds for all hypotheses of its row. */
struct HalfRoom {
  float* latents;        // (c padded to NIBBLE), scaled
  int16_t* tables;       // (nibbles * 16 * units): the sums by mask, see half_tables.hpp
  float* error;          // (wide): r = base + last bias - target
  float* line;           // (3, lines): what a line of `last` starts from (r, or twice W' r in steps), the scale of its
                         // products, and with a Gram matrix its diagonal
  uint64_t* masks;       // (BLOCK, mask words)
  int16_t* active;       // (BLOCK, units)
  float* totals;         // (BLOCK, W): errors squared
  int32_t* squares;      // (BLOCK, W): squares of the activations over 128
  float bias_scale = 0;  // of the first layer's bias in the tables
  int16_t shrink = 0;    // an activation's half is its sum * shrink / 2^15
  float step = 0;        // what 1 of it stands for, in units of HalfHead
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
  constexpr int V = UNITS / W < 4 ? UNITS / W : 4;  // vectors at once: a sum is a chain
  const vf scale = broadcast(inverse), half = broadcast(0.5f);
  vf most = broadcast(0);
  for (int64_t o = 0; o < head.units; o += V * W) {
    vf sum[V], sizes[V];
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) sum[v] = sizes[v] = broadcast(0);
    for (int64_t i = 0; i < head.c; ++i)
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) {
        const vf x = load(head.first + i * head.units + o + v * W) * broadcast(room.latents[i]);
        sum[v] = sum[v] + x;
        sizes[v] = sizes[v] + absolute(x);
      }
    for (int v = 0; v < V; ++v) {
      const vf bias = load(head.bias + o + v * W) * scale;
      const vf middle = fma(sum[v], half, bias);  // the sums lie around it by half of the sizes
      const vf without = absolute(sum[v]) * half;
      most = larger(most, fma(sizes[v], half, larger(absolute(middle), without)));
      most = larger(most, absolute(bias));
    }
  }
  return largest_of_lanes(most);
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
  room.bias_scale = inverse * scale;

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

  // in steps: a line of a table rounds by 1 and, all lines together, float32 by less than 1/20; shrinking by 1/2
  room.hidden = (root_hidden * (0.501f + (1.01f * float(head.nibbles) + 0.05f) / power) +
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
