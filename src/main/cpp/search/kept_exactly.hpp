// The free mask with exactly so many kept dimensions. For W rows and one code: each lane finds, by bisection over the
// ordered bits of (z - e)^2 - z^2, which dimensions are its smallest, then sums the distance under that mask.
#pragma once
#include "search/search.hpp"

namespace mvq::MVQ_TIER {
namespace {

/* W rows, (d, pitch) with a lane a row, and room for their keys, (d, W). */
struct LaneRows {
  const float* rows;
  int64_t pitch, d;
  int32_t* keys;
};

/* Dimensions with a key below `limit` are kept, and of those equal to it the first `quota`. */
struct Threshold {
  vi limit, quota;
};

/* An int32 in the order of the floats. */
MVQ_INLINE vi ordered(vf a) { return as_int(a) ^ ((as_int(a) >> 31) & broadcast_int(0x7FFFFFFF)); }

/* Fills the keys; the lanes without any NaN among them. */
MVQ_INLINE lanes make_keys(const LaneRows& x, const float* code) {
  lanes good = is_number(broadcast(0));
  for (int64_t i = 0; i < x.d; ++i) {
    const vf z = load(x.rows + i * x.pitch), t = broadcast(code[i]) - z, key = t * t - z * z;
    good = both(good, is_number(key));
    store_int(x.keys + i * W, ordered(key));
  }
  return good;
}

MVQ_INLINE Threshold find_threshold(const LaneRows& x, int64_t kept) {
  const vi wanted = broadcast_int(int32_t(kept)), one = broadcast_int(1), none = broadcast_int(0);
  vi low = broadcast_int(INT32_MIN), high = broadcast_int(INT32_MAX);  // at most `kept` keys are below low
  vi below_low = none;
  for (int step = 0; step < 32 && any(less(below_low, wanted)); ++step) {
    const vi middle = (low & high) + ((low ^ high) >> 1);  // the mean, rounded down, without overflow
    vi below = none;
    for (int64_t i = 0; i < x.d; ++i) below = below + select(less(load_int(x.keys + i * W), middle), one, none);
    const lanes too_many = less(wanted, below);
    high = select(too_many, middle, high);
    low = select(too_many, low, middle);
    below_low = select(too_many, below_low, below);
  }
  return {low, wanted - below_low};
}

/* Whether dimension i is kept; the dimensions must be asked for in ascending order. */
MVQ_INLINE lanes take_dimension(const LaneRows& x, int64_t i, Threshold& threshold) {
  const vi key = load_int(x.keys + i * W);
  const lanes tie = both(equal(key, threshold.limit), less(broadcast_int(0), threshold.quota));
  threshold.quota = threshold.quota - select(tie, broadcast_int(1), broadcast_int(0));
  return either(less(key, threshold.limit), tie);
}

/* Scores one code. The distance under any mask is a lower bound, with rounding too, and settles most cases alone. */
MVQ_NOINLINE void score_code(const LaneRows& x, const float* code, int32_t number, int64_t kept, float* best,
                             int32_t* position) {
  const vf old = load(best);
  vf bound = broadcast(0), distance = broadcast(0);
  for (int64_t i = 0; i < x.d; ++i) {
    const vf z = load(x.rows + i * x.pitch), t = min_or_second(absolute(z), absolute(broadcast(code[i]) - z));
    bound = fma(t, t, bound);
  }
  if (!any(both(not_at_least(bound, old), is_number(bound)))) return;
  const lanes good = make_keys(x, code);
  Threshold threshold = find_threshold(x, kept);
  for (int64_t i = 0; i < x.d; ++i) {
    const vf z = load(x.rows + i * x.pitch);
    const vf t = select(take_dimension(x, i, threshold), broadcast(code[i]) - z, z);
    distance = fma(t, t, distance);
  }
  const lanes wins = both(both(not_at_least(distance, old), is_number(distance)), good);
  store(best, select(wins, distance, old));
  store_int(position, select(wins, broadcast_int(number), load_int(position)));
}

/* The mask of one row and code; x.rows is overwritten through `lanes_room`, (d, W). */
void kept_mask(const float* row, const float* code, int64_t d, int64_t kept, float* lanes_room, int32_t* keys,
               uint64_t* mask) {
  for (int64_t i = 0; i < d; ++i) store(lanes_room + i * W, broadcast(row[i]));
  const LaneRows x{lanes_room, W, d, keys};
  make_keys(x, code);
  Threshold threshold = find_threshold(x, kept);
  for (int64_t i = 0; i < d; ++i)
    if (any(take_dimension(x, i, threshold))) mask[i / 64] |= uint64_t{1} << (i % 64);
}

}  // namespace
}  // namespace mvq::MVQ_TIER
