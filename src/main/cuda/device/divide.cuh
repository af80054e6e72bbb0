// Division of numbers below 2^31 by one divisor that the host prepared: a multiplication and a shift.
#pragma once
#include "device/device.cuh"

namespace mvq::cuda {
namespace {

struct Divider {
  uint32_t divisor = 1, factor = 0, shift = 0;

  Divider() = default;
  explicit Divider(uint32_t by) : divisor(by) {  // 1..2^31 - 1
    while (shift < 31 && (uint32_t{1} << shift) < by) ++shift;
    // ceil(2^(31 + shift) / by): its error stays below 2^shift / 2^(31 + shift) of a number below 2^31
    factor = uint32_t(((uint64_t{1} << (31 + shift)) + by - 1) / by);
  }
  __device__ __forceinline__ uint32_t quotient(uint32_t number) const {
    return uint32_t((uint64_t{number} * factor) >> (31 + shift));
  }
};

}  // namespace
}  // namespace mvq::cuda
