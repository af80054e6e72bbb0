// Vectors in bytes for the screened searches: v = centre + step * q + rest, |q| <= scale.most. Distances between such q
// are exact integers; what rounding and clipping leave is bounded by the length of the rest, measured vector by vector.
#pragma once
#include "simd/pack.hpp"

namespace mvq::MVQ_TIER {
namespace {

struct ByteScale {
  const float* centre;  // (d)
  float step;           // the same for rows and codes, so that a distance in bytes is one in floats
  int32_t most;         // the largest |q|
};

MVQ_INLINE vi signed_bytes(vi unsigned_bytes) {
  return subtract_bytes(unsigned_bytes, broadcast_int(int32_t(BYTE_ZERO)));
}

/* What is known of W quantised vectors beside their bytes. */
struct ByteLanes {
  vf norm;  // |q|^2, exact below 2^24
  vf rest;  // at least |v - centre - step * q|; NaN where v holds one
  vi sum;   // of q
};

/* Quantises the W vectors in lanes first.. of packed (d, width) floats -> the first W lanes of (words, bytes_width, 4)
 * signed bytes, plus `zero_bytes`. With masks, (lane_words(d), width) of pack_masks, a dropped dimension is 0. */
ByteLanes quantise(const float* packed, int64_t width, int64_t first, int64_t d, const int32_t* masks,
                   const ByteScale& scale, uint32_t zero_bytes, int64_t words, uint8_t* bytes, int64_t bytes_width) {
  const vf step = broadcast(scale.step), per_step = broadcast(1 / scale.step), zero = broadcast(0);
  vf norm = zero, left = zero;
  vi sum = broadcast_int(0);
  for (int64_t word = 0; word < words; ++word) {
    vi four = broadcast_int(0);
    for (int64_t i = 4 * word; i < smaller(4 * word + 4, d); ++i) {
      vf x = load(packed + i * width + first) - broadcast(scale.centre[i]);
      if (masks)
        x = keep(has_bit(load_int(masks + i / MASK_BITS * width + first), broadcast_int(1u << i % MASK_BITS)), x);
      const vi q = smaller(larger(round_to_int(x * per_step), broadcast_int(-scale.most)), broadcast_int(scale.most));
      const vf value = to_float(q), t = fma(value, zero - step, x);
      norm = fma(value, value, norm);
      left = fma(t, t, left);
      sum += q;
      four |= (q & 255) << int(8 * (i % 4));
    }
    store_int(bytes + 4 * word * bytes_width, add_bytes(four, broadcast_int(int32_t(zero_bytes))));
  }
  // The roundings above: (d + 4) 2^-24 of the sum, 2^-23 of |v - centre| <= step |q| + rest, and what underflows.
  const vf rounded = step * broadcast(0x1p-20f) * (root(norm) + broadcast(1));
  return {norm, fma(root(left), broadcast(1 + 0x1p-11f), rounded), sum};
}

/* How far vectors reach from a centre, in any one dimension. */
class Reach {
 public:
  Reach(const float* centre, const int32_t* dims, int64_t d) : centre_(centre), dims_(dims), d_(d) {}

  void add(const float* v) {
    int64_t i = 0;
    if (!dims_)
      for (; i + W <= d_; i += W) add_lanes(load(v + i) - load(centre_ + i));
    for (; i < d_; ++i) add_lanes(broadcast(v[dims_ ? dims_[i] : i] - centre_[i]));
  }
  /* The largest magnitude; NaN if there was one. */
  float most() const {
    float lanes_most[W], result = 0;
    store(lanes_most, most_);
    for (float x : lanes_most)
      if (!(x <= result)) result = x;
    return result;
  }
  /* The same, but not so many root mean squares: rare values further out are clipped. */
  float most_but_tails() const {
    constexpr float TAIL = 6;
    float squares[W], sum = 0;
    store(squares, squares_);
    for (float x : squares) sum += x;
    const float tail = TAIL * __builtin_sqrtf(sum / float(count_));
    return most() > tail ? tail : most();
  }

 private:
  void add_lanes(vf x) {
    most_ = select(less(absolute(x), most_), most_, absolute(x));  // a NaN is kept
    squares_ = fma(x, x, squares_);
    count_ += W;
  }

  const float* centre_;
  const int32_t* dims_;
  int64_t d_;
  vf most_ = broadcast(0), squares_ = broadcast(0);
  double count_ = 0;
};

}  // namespace
}  // namespace mvq::MVQ_TIER
