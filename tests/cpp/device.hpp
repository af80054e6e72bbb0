// Device memory and calls in the tests of the CUDA kernels: on the host SIMT layer, or with MVQ_ON_GPU on a GPU.
#pragma once
#ifdef MVQ_ON_GPU
#include "device_gpu.hpp"
#else
#include "device_simt.hpp"
#endif

/* What the kernels must equal to the last bit. */
inline const mvq::Tier& scalar_tier() { return *mvq::available_tiers().back(); }

inline bool same_bits(const Floats& a, const Floats& b) {
  bool same = a.size() == b.size();
  for (size_t i = 0; same && i < a.size(); ++i) same = same_bits(a[i], b[i]);
  return same;
}

/* The values `times` over, for rows enough to fill a device. */
template <class T>
std::vector<T> repeated(const std::vector<T>& values, int64_t times) {
  std::vector<T> all;
  all.reserve(values.size() * times);
  for (int64_t i = 0; i < times; ++i) all.insert(all.end(), values.begin(), values.end());
  return all;
}

/* Workspace begins 64-byte aligned, unlike other arrays, and full of garbage. */
template <class Args>
void run_cuda(int64_t (*workspace_bytes)(const Args&), void (*operation)(const Args&, const mvq::cuda::Device&, void*),
              const Args& args) {
  const int64_t bytes = workspace_bytes(args);
  CHECK(bytes >= 0 && bytes % 64 == 0);
  DeviceArray<unsigned char> workspace{size_t(bytes)};
  operation(args, mvq::cuda::Device{0, nullptr}, workspace.data());
}
