// What a free mask is screened by: features of a row and of a code whose product is no less than what the code's best
// mask takes off |z|^2.
//
// Where z and e have one sign, with a = |z| and b = |e|, a dimension takes f(a, b) = max(0, 2 a b - b^2) off, else
// nothing. f is convex in a, f(0, b) = 0, and its slope is 2 b at most. So for any node c > 0 it lies under its chord
// from 0 to c and, behind it, a line of slope 2 b:
//     f(a, b) <= min(a, c) f(c, b) / c + max(0, a - c) 2 b,
// two features of each for each sign, of which a vector's are 0 for the other sign. The bound of screen.cuh then holds
// for half of its product and without |e|^2: a feature is rounded three times at most, 2^-22 of a product in all,
// which the other half of `a` covers many times over.
#pragma once
#include "search/screen/screen.cuh"

namespace mvq::cuda {
namespace {

constexpr int FEATURES = 4;       // halves a dimension, in two words, of which one is 0
constexpr int NODE_SAMPLES = 32;  // a thread's

/* c: 0.8 times the root mean square of some of the rows' floats. Any number will do: it decides only how many survive.
 * One warp. (`what` is free: a template is compiled only where it is used.) */
template <Screened what>
__global__ void __launch_bounds__(WARP) choose_node(Search s, float* node) {
  float sum = 0;
#pragma unroll
  for (uint32_t i = 0; i < NODE_SAMPLES; ++i) {
    const uint32_t sample = i * WARP + threadIdx.x;
    const int64_t row = int64_t(uint64_t(s.n) * sample / (NODE_SAMPLES * WARP));
    const float z = s.rows[row * s.rows_stride + sample % uint32_t(s.d)];
    sum = __fmaf_rn(z, z, sum);
  }
#pragma unroll
  for (int step = WARP / 2; step > 0; step /= 2) sum += __shfl_xor_sync(ALL_LANES, sum, step);
  const float c = 0.8f * sqrtf(sum / float(NODE_SAMPLES * WARP));
  if (threadIdx.x == 0) node[0] = c > 0 && c < 1e18f ? c : 1.0f;
}

/* Magnitudes' two features. */
struct Features {
  float first, second;
  __device__ __forceinline__ static Features of_row(float size, float c) {
    return {size < c ? size : c, size > c ? size - c : 0};
  }
  __device__ __forceinline__ static Features of_code(float size, float c) {
    return {2 * c > size ? size * ((2 * c - size) / c) : 0, 2 * size};
  }
};

/* All rows, then all codes, as `halve`. A row's `upper` is that of screen.cuh less |z|^2. */
template <Screened what>
__global__ void __launch_bounds__(FINISH_THREADS) halve_features(Search s, Halved halved, const float* node) {
  const int64_t number = int64_t{blockIdx.x} * VECTORS_A_HALVE + threadIdx.x / HALVE_LANES;
  const int64_t code = number - (halved.code_bounds - halved.row_bounds);
  const float* vector = code < 0 ? s.rows + number * s.rows_stride : s.codes + code * s.codes_stride;
  const uint32_t d = (code < 0 ? number < s.n : code < s.k) ? uint32_t(s.d) : 0;
  const uint32_t lane = threadIdx.x % HALVE_LANES;
  const float c = node[0];
  const auto features = [&](float value) {
    return code < 0 ? Features::of_row(fabsf(value), c) : Features::of_code(fabsf(value), c);
  };
  float square = 0, of_features = 0;  // their order is covered by the slack
  uint32_t largest = 0;
#pragma unroll 4
  for (uint32_t i = lane; i < d; i += HALVE_LANES) {
    const Features f = features(vector[i]);
    square = __fmaf_rn(vector[i], vector[i], square);
    of_features = __fmaf_rn(f.first, f.first, __fmaf_rn(f.second, f.second, of_features));
    const uint32_t first = __float_as_uint(f.first), second = __float_as_uint(f.second);
    largest = first > largest ? first : largest;
    largest = second > largest ? second : largest;
  }
  square = sum_of_lanes(square);
  of_features = sum_of_lanes(of_features);
  const Scaling scaling(most_of_lanes(largest) & 0x7FFFFFFFu);  // a NaN has a sign
  uint2* to = reinterpret_cast<uint2*>(halved.rows + number * halved.words);
#pragma unroll 4
  for (uint32_t i = lane; 2 * i < halved.words; i += HALVE_LANES) {
    const float value = i < d ? vector[i] : 0;
    const Features f = features(value);
    const uint32_t both = scaling.halves(f.first, f.second);
    to[i] = value < 0 ? uint2{0, both} : uint2{both, 0};
  }
  if (lane > 0) return;
  // what a code's NaN leaves in its features, a row's does in its square alone
  const float norm = norm_above(of_features, FEATURES * s.d);
  if (code < 0)
    halved.row_bounds[number] = {0, 2.002f * halved.slack.of_norm(norm_above(square, s.d)) - square, norm,
                                 -scaling.back()};
  else halved.row_bounds[number] = {0, 0, norm, scaling.back()};
}

}  // namespace
}  // namespace mvq::cuda
