// Which selections are screened: by their sizes, and by the size of their numbers.
#pragma once
#include "selection/screen/screening_cost.hpp"
#if defined(MVQ_SCREENS_HYPOTHESES)

namespace mvq::MVQ_TIER {
namespace {

#if defined(MVQ_SCREEN_IN_BYTES)
constexpr int BLOCK = 32;  // hypotheses screened at once
#else
constexpr int BLOCK = 64;
#endif
constexpr int64_t MOST_ROWS = 1024;                // hidden units, or outputs
constexpr float ULP = 0x1p-24f;                    // half a unit in the last place of 1
constexpr float LEAST = 0x1p-20f, MOST = 0x1p30f;  // what screening takes: no product of theirs over- or underflows

/* The largest magnitude of `count` floats; NaN or infinity where there is one. */
float largest(const float* values, int64_t count) {
  vi most = broadcast_int(0);  // magnitudes compare as their bits do, NaN last
  for (int64_t i = 0; i < count; i += W)
    most = larger(most, as_int(absolute(load_first(values + i, smaller(W, count - i)))));
  return __builtin_bit_cast(float, largest_of_lanes(most));
}

/* Within count / W + 8 roundings of float32. */
double sum_of_squares(const float* values, int64_t count) {
  vf sum = broadcast(0);
  for (int64_t i = 0; i < count; i += W) {
    const vf x = load_first(values + i, smaller(W, count - i));
    sum = fma(x, x, sum);
  }
  return sum_of_lanes(sum);
}

bool screenable(float largest) { return largest >= LEAST && largest <= MOST; }
bool bounded(float largest) { return largest <= MOST; }

/* Whether a head's weights can be screened; and the largest of each layer. */
bool usable_head(const mvq_head& source, const ScreenedSizes& size, float& first_most, float& most) {
  first_most = largest(source.weight[0], size.hidden * size.c);
  most = largest(source.weight[1], size.outputs * size.hidden);
  const float* bias[2] = {source.bias[0], source.bias[1]};
  return screenable(first_most) && screenable(most) && (!bias[0] || bounded(largest(bias[0], size.hidden))) &&
         (!bias[1] || bounded(largest(bias[1], size.outputs)));
}

/* Which searches are screened. */
bool screens(const mvq_select_hypothesis_args& args, int64_t units, ScreenedSizes& size) {
  constexpr int64_t CHANNELS = 256, LEAST_HYPOTHESES = 32, MOST_TOP = 64;
  if (args.head.layers != 2 || args.head.activation != MVQ_RELU || args.p != 1 || args.winner_per_token) return false;
  size.c = args.c, size.hidden = args.head.width[1], size.outputs = args.head.width[2];
  if (size.c != args.head.width[0]) return false;
  if (size.c > CHANNELS || size.hidden > MOST_ROWS || size.outputs > MOST_ROWS) return false;
  size.units = round_up(size.hidden, units), size.wide = round_up(size.outputs, W);
  size.chunk = size.c <= 32 ? 32 : 64;
  size.depth = 2 * round_up(size.c, size.chunk);
  return args.h >= LEAST_HYPOTHESES && args.top <= MOST_TOP && 8 * args.top <= args.h &&
         screening_pays(size, double(args.n), double(args.h));
}

}  // namespace
}  // namespace mvq::MVQ_TIER
#endif
