// Where cuda_bench runs when there is no GPU: the SIMT layer, whose times say nothing of a GPU's. It shows that every
// step of tests/gpu-check.sh works.
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "device/device.cuh"

namespace bench {

template <class T>
class Array {
 public:
  explicit Array(size_t count) : values_(count) {}
  explicit Array(const std::vector<T>& values) : values_(values) {}
  T* data() { return values_.data(); }

 private:
  std::vector<T> values_;
};

/* A point in time of the device's work. */
class Mark {
 public:
  void set() { at_ = std::chrono::steady_clock::now(); }
  /* Waits for the later one. */
  double milliseconds_until(const Mark& later) const {
    return std::chrono::duration<double, std::milli>(later.at_ - at_).count();
  }

 private:
  std::chrono::steady_clock::time_point at_;
};

struct Rates {
  double float32 = 1e9, halves = 1e9, bytes = 1e9;  // instructions, multiply-adds, bytes a second
};
inline Rates rates() { return {}; }
inline std::string kernel_name(const void*) { return "a kernel"; }
inline std::string device_json() { return R"({"device":"SIMT layer on the CPU"})"; }

}  // namespace bench
