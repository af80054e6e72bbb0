// What a warp does together.
#pragma once
#include "device.cuh"

namespace mvq::cuda {
namespace {

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
