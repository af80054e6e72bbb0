// A GPU's memory: each array is an allocation between two guards, filled with poison.
// Without a GPU the test is skipped.
#pragma once
#include <cuda_runtime_api.h>

#include <algorithm>

#include "abi/operations.hpp"
#include "data.hpp"
#include "device/tuning.hpp"

constexpr int SKIPPED = 77;  // what ctest counts as skipped

inline void check_cuda(cudaError_t status, const char* what) {
  if (status == cudaSuccess) return;
  std::fprintf(stderr, "%s: %s\n", what, cudaGetErrorString(status));
  std::exit(1);  // what follows would only repeat it
}
#define CHECK_CUDA(call) check_cuda(call, #call)

inline const bool a_gpu_is_there = [] {
  int count = 0;
  const cudaError_t status = cudaGetDeviceCount(&count);
  if (status == cudaSuccess && count > 0) return true;
  std::printf("skipped: %s\n", status == cudaSuccess ? "no GPU" : cudaGetErrorString(status));
  std::exit(SKIPPED);
}();

template <class T>
class DeviceArray {
 public:
  explicit DeviceArray(size_t count) : count_(count) {
    void* place = nullptr;
    CHECK_CUDA(cudaMalloc(&place, bytes()));
    base_ = static_cast<unsigned char*>(place);
    CHECK_CUDA(cudaMemset(base_, 0xE7, bytes()));
  }
  explicit DeviceArray(const std::vector<T>& values) : DeviceArray(values.size()) {
    CHECK_CUDA(cudaMemcpy(data(), values.data(), count_ * sizeof(T), cudaMemcpyHostToDevice));
  }
  ~DeviceArray() {
    for (const unsigned char* guard : {base_, base_ + bytes() - GUARD}) {
      unsigned char held[GUARD];
      CHECK_CUDA(cudaMemcpy(held, guard, GUARD, cudaMemcpyDeviceToHost));
      CHECK(std::all_of(held, held + GUARD, [](unsigned char byte) { return byte == 0xE7; }));
    }
    CHECK_CUDA(cudaFree(base_));
  }
  DeviceArray(const DeviceArray&) = delete;

  T* data() const { return reinterpret_cast<T*>(base_ + GUARD); }
  std::vector<T> values() const {
    std::vector<T> all(count_);
    CHECK_CUDA(cudaMemcpy(all.data(), data(), count_ * sizeof(T), cudaMemcpyDeviceToHost));
    return all;
  }

 private:
  static constexpr size_t GUARD = 256;
  size_t bytes() const { return count_ * sizeof(T) + 2 * GUARD; }
  size_t count_;
  unsigned char* base_;
};

/* The rows once, and so often that they fill a device, whose tiles differ, and are worth screening; then once on a
 * device that is taken for a small one, with screening wherever it is possible. */
template <class Body>
void on_some_devices(Body body) {
  body(1);
  if (!std::getenv("MVQ_SHORT_TESTS")) body(1024);  // compute-sanitizer takes a hundred times as long
  const mvq::cuda::Tuning before = mvq::cuda::tuning;
  mvq::cuda::tuning.least_to_screen = 0, mvq::cuda::tuning.resident_blocks = 7;
  body(1);
  mvq::cuda::tuning = before;
}
