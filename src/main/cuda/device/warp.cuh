// What a warp does together, and the order of floats as integers.
#pragma once
#include "device/device.cuh"

namespace mvq::cuda {
namespace {

/* An integer in the order of the floats, and back. */
__device__ __forceinline__ int ordered(float a) { return __float_as_int(a) ^ ((__float_as_int(a) >> 31) & 0x7FFFFFFF); }
__device__ __forceinline__ float unordered(int a) { return __int_as_float(a ^ ((a >> 31) & 0x7FFFFFFF)); }

/* The least of the values of each `width` neighbouring lanes, in all of them. */
template <int width = WARP>
__device__ __forceinline__ uint64_t least_of_lanes(uint64_t value) {
#pragma unroll
  for (int step = width / 2; step > 0; step /= 2) {
    const uint64_t other = __shfl_xor_sync(ALL_LANES, value, step);
    value = other < value ? other : value;
  }
  return value;
}

}  // namespace
}  // namespace mvq::cuda
