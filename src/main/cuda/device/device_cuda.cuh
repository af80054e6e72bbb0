// The seam on the device: see device.cuh.
#pragma once
#include <cuda_runtime.h>

#include <string>

#define SHARED_ARRAY(type, name, extents) __shared__ __align__(16) type name extents

namespace mvq::cuda {
namespace {

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
#define MVQ_ASYNC_COPIES 1
#else
#define MVQ_ASYNC_COPIES 0  // sm_75 copies through registers, at once
#endif

/* Begins a copy of one float to shared memory; 0.0f where not `wanted`, and `from` is then not read. */
__device__ __forceinline__ void begin_copy(float* to, const float* from, bool wanted) {
#if MVQ_ASYNC_COPIES
  asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" ::"r"(unsigned(__cvta_generic_to_shared(to))), "l"(from),
               "r"(wanted ? 4 : 0)
               : "memory");
#else
  *to = wanted ? *from : 0.0f;
#endif
}

/* The same of four floats, aligned to 16 bytes on both sides. */
__device__ __forceinline__ void begin_copy_four(float* to, const float* from, bool wanted) {
#if MVQ_ASYNC_COPIES
  asm volatile("cp.async.ca.shared.global [%0], [%1], 16, %2;" ::"r"(unsigned(__cvta_generic_to_shared(to))), "l"(from),
               "r"(wanted ? 16 : 0)
               : "memory");
#else
  *reinterpret_cast<float4*>(to) = wanted ? *reinterpret_cast<const float4*>(from) : float4{0, 0, 0, 0};
#endif
}

/* Closes a group of copies. */
__device__ __forceinline__ void end_copy_group() {
#if MVQ_ASYNC_COPIES
  asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}

/* Waits until all of this thread's groups but the newest `groups` have landed. */
template <int groups>
__device__ __forceinline__ void wait_copies() {
#if MVQ_ASYNC_COPIES
  asm volatile("cp.async.wait_group %0;" ::"n"(groups) : "memory");
#endif
}

/* The smaller, NaN where either is. */
__device__ __forceinline__ float min_or_nan(float a, float b) {
#if MVQ_ASYNC_COPIES
  float least;
  asm("min.NaN.f32 %0, %1, %2;" : "=f"(least) : "f"(a), "f"(b));
  return least;
#else
  return a != a || a < b ? a : b;
#endif
}

/* Begins a copy of 16 bytes to shared memory, aligned to as many on both sides. */
__device__ __forceinline__ void begin_copy_16(uint32_t* to, const uint32_t* from) {
#if MVQ_ASYNC_COPIES
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(unsigned(__cvta_generic_to_shared(to))), "l"(from)
               : "memory");
#else
  *reinterpret_cast<uint4*>(to) = *reinterpret_cast<const uint4*>(from);
#endif
}

/* The nearest half-precision numbers, ties to even, in one word. */
__device__ __forceinline__ uint32_t to_halves(float low, float high) {
  uint32_t both = 0;
#if MVQ_ASYNC_COPIES
  asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(both) : "f"(high), "f"(low));
#endif
  return both;
}

/* c += a * b by the whole warp, (16, 16) by (16, 8) in half precision. Lane 4 g + t holds, two halves a word,
 * a (g, 2 t), (g + 8, 2 t), (g, 2 t + 8), (g + 8, 2 t + 8); b (2 t, g), (2 t + 8, g);
 * and c (g, 2 t), (g, 2 t + 1), (g + 8, 2 t), (g + 8, 2 t + 1). */
__device__ __forceinline__ void multiply_add_halves(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
#if MVQ_ASYNC_COPIES
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
               : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#else
  __trap();  // has_tensor_cores is false there
#endif
}

inline void check(cudaError_t status, const char* what) {
  if (status != cudaSuccess) throw Failure{MVQ_DEVICE_FAILED, std::string(what) + ": " + cudaGetErrorString(status)};
}

/* Makes a device the current one for a scope. */
class OnDevice {
 public:
  explicit OnDevice(const Device& device) {
    check(cudaGetDevice(&before_), "cudaGetDevice");
    if (before_ != device.ordinal) check(cudaSetDevice(device.ordinal), "cudaSetDevice");
    changed_ = before_ != device.ordinal;
  }
  ~OnDevice() {
    if (changed_) cudaSetDevice(before_);
  }
  OnDevice(const OnDevice&) = delete;

 private:
  int before_ = 0;
  bool changed_ = false;
};

/* Whether the device has the product above: sm_80 and later. */
inline bool has_tensor_cores(const Device& device) {
  int major = 0;
  check(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device.ordinal), "cudaDeviceGetAttribute");
  return major >= 8;
}

/* Launches on the device's stream; `what` names the operation in an error. */
template <class... Parameters, class... Arguments>
void launch(const Device& device, const char* what, void (*kernel)(Parameters...), dim3 grid, unsigned threads,
            size_t dynamic_bytes, Arguments... arguments) {
  const OnDevice on(device);
  cudaLaunchConfig_t config{};
  config.gridDim = grid;
  config.blockDim = dim3(threads);
  config.dynamicSmemBytes = dynamic_bytes;
  config.stream = static_cast<cudaStream_t>(device.stream);
  check(cudaLaunchKernelEx(&config, kernel, static_cast<Parameters>(arguments)...), what);
  if (tuning.launched) tuning.launched(reinterpret_cast<const void*>(kernel), device.stream);
}

/* How many blocks of the kernel the device holds at once. */
template <class... Parameters>
int64_t resident_blocks(const Device& device, const char* what, void (*kernel)(Parameters...), unsigned threads,
                        size_t dynamic_bytes) {
  if (tuning.resident_blocks > 0) return tuning.resident_blocks;
  const OnDevice on(device);
  int a_multiprocessor = 0, multiprocessors = 0;
  check(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&a_multiprocessor, kernel, int(threads), dynamic_bytes), what);
  check(cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, device.ordinal), what);
  return int64_t{a_multiprocessor} * multiprocessors;
}

}  // namespace
}  // namespace mvq::cuda
