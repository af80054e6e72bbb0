// Where cuda_bench runs: the first GPU and its default stream.
#pragma once
#include <cuda_runtime_api.h>
#include <cxxabi.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "abi/operations.hpp"
#include "device/tuning.hpp"

namespace bench {

inline void check(cudaError_t status, const char* what) {
  if (status == cudaSuccess) return;
  std::fprintf(stderr, "cuda_bench: %s: %s\n", what, cudaGetErrorString(status));
  std::exit(1);
}

template <class T>
class Array {
 public:
  explicit Array(size_t count) { check(cudaMalloc(reinterpret_cast<void**>(&data_), count * sizeof(T)), "cudaMalloc"); }
  explicit Array(const std::vector<T>& values) : Array(values.size()) {
    check(cudaMemcpy(data_, values.data(), values.size() * sizeof(T), cudaMemcpyHostToDevice), "cudaMemcpy");
  }
  ~Array() { cudaFree(data_); }
  Array(const Array&) = delete;
  T* data() { return data_; }

 private:
  T* data_ = nullptr;
};

/* A point in time of the device's work. */
class Mark {
 public:
  Mark() { check(cudaEventCreate(&event_), "cudaEventCreate"); }
  ~Mark() { cudaEventDestroy(event_); }
  Mark(const Mark&) = delete;
  void set() { check(cudaEventRecord(event_, nullptr), "cudaEventRecord"); }
  /* Waits for the later one. */
  double milliseconds_until(const Mark& later) const {
    float elapsed = 0;
    check(cudaEventSynchronize(later.event_), "cudaEventSynchronize");
    check(cudaEventElapsedTime(&elapsed, event_, later.event_), "cudaEventElapsedTime");
    return elapsed;
  }

 private:
  cudaEvent_t event_ = nullptr;
};

inline int attribute(cudaDeviceAttr which) {
  int value = 0;
  check(cudaDeviceGetAttribute(&value, which, 0), "cudaDeviceGetAttribute");
  return value;
}

struct Rates {
  double float32, halves, bytes;  // instructions, multiply-adds, bytes a second
};

/* At the boost clock; what a multiprocessor does a cycle is NVIDIA's, of its documents on each architecture. */
inline Rates rates() {
  const int major = attribute(cudaDevAttrComputeCapabilityMajor), minor = attribute(cudaDevAttrComputeCapabilityMinor);
  const double cycles = 1e3 * attribute(cudaDevAttrClockRate) * attribute(cudaDevAttrMultiProcessorCount);
  const bool halved = major == 7 || (major == 8 && minor == 0);
  const int halves = major == 7    ? 512
                     : major == 8  ? (minor == 0 ? 1024 : 256)
                     : major == 9  ? 2048
                     : major == 10 ? 4096
                                   : 256;
  const double bytes = 2e3 * attribute(cudaDevAttrMemoryClockRate) * attribute(cudaDevAttrGlobalMemoryBusWidth) / 8;
  return {cycles * (halved ? 64 : 128), cycles * halves, bytes};
}

inline std::string kernel_name(const void* kernel) {
  const char* mangled = nullptr;
  if (cudaFuncGetName(&mangled, kernel) != cudaSuccess || !mangled) return "a kernel";
  int status = 0;
  char* plain = abi::__cxa_demangle(mangled, nullptr, nullptr, &status);
  const std::string name = status == 0 ? plain : mangled;
  std::free(plain);
  return name.substr(0,
                     name.find(">(") == std::string::npos ? name.find('(', name.rfind("::") + 1) : name.find(">(") + 1);
}

inline std::string device_json() {
  cudaDeviceProp properties{};
  int driver = 0, runtime = 0;
  check(cudaGetDeviceProperties(&properties, 0), "cudaGetDeviceProperties");
  check(cudaDriverGetVersion(&driver), "cudaDriverGetVersion");
  check(cudaRuntimeGetVersion(&runtime), "cudaRuntimeGetVersion");
  char text[512];
  std::snprintf(text, sizeof text,
                R"({"device":"%s","sm":"%d.%d","multiprocessors":%d,"mhz":%d,"driver":%d,"runtime":%d})",
                properties.name, properties.major, properties.minor, properties.multiProcessorCount,
                attribute(cudaDevAttrClockRate) / 1000, driver, runtime);
  return text;
}

}  // namespace bench
