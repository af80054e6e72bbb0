// The seam on the host, for tests: see device.cuh and tests/cpp/simt.
#pragma once
#include "simt.hpp"
#include "tensor.hpp"

#define SHARED_ARRAY(type, name, extents) \
  static const char name##_site = 0;      \
  using name##_array = type extents;      \
  auto& name = *static_cast<name##_array*>(simt::shared_array(&name##_site, sizeof(name##_array)))

namespace mvq::cuda {
namespace {

inline void begin_copy(float* to, const float* from, bool wanted) {
  simt::begin_copy(to, wanted ? from : nullptr, sizeof *to);
}
inline void begin_copy_four(float* to, const float* from, bool wanted) {
  simt::begin_copy(to, wanted ? from : nullptr, 4 * sizeof *to);
}
inline void end_copy_group() { simt::end_copy_group(); }
template <int groups>
void wait_copies() {
  simt::wait_copies(groups);
}

inline float min_or_nan(float a, float b) { return a != a || a < b ? a : b; }

inline void begin_copy_16(uint32_t* to, const uint32_t* from) { simt::begin_copy(to, from, 16); }
inline uint32_t to_halves(float low, float high) { return simt::to_halves(low, high); }
inline void multiply_add_halves(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
  simt::multiply_add_halves(c, a, b);
}
inline bool has_tensor_cores(const Device&) { return simt::options.tensor_cores; }

template <class... Parameters, class... Arguments>
void launch(const Device& device, const char*, void (*kernel)(Parameters...), dim3 grid, unsigned threads,
            size_t dynamic_bytes, Arguments... arguments) {
  simt::launch(kernel, grid, dim3{threads}, dynamic_bytes, arguments...);
  if (tuning.launched) tuning.launched(reinterpret_cast<const void*>(kernel), device.stream);
}

template <class... Parameters>
int64_t resident_blocks(const Device&, const char*, void (*)(Parameters...), unsigned, size_t) {
  return tuning.resident_blocks > 0 ? tuning.resident_blocks : simt::options.resident_blocks;
}

}  // namespace
}  // namespace mvq::cuda
