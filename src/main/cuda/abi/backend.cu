// What the C ABI asks of the CUDA runtime: the devices, whose memory a pointer is, the current device, the kernels.
#include <cuda_runtime_api.h>

#include "abi/cuda.hpp"
#include "abi/error.hpp"

namespace mvq::cuda {
namespace {

[[noreturn]] void failed(const char* call, cudaError_t error) {
  throw Failure{MVQ_DEVICE_FAILED, std::string(call) + ": " + cudaGetErrorString(error)};
}

Devices ask_driver() {
  int count = 0;
  const cudaError_t error = cudaGetDeviceCount(&count);
  if (error == cudaSuccess && count > 0) return {count, ""};
  cudaGetLastError();  // the error is reported here: a later launch must not find it
  if (error == cudaSuccess || error == cudaErrorNoDevice) return {0, "no device"};
  const char* what = error == cudaErrorInsufficientDriver ? "no driver (" : "no device (";
  return {0, std::string(what) + cudaGetErrorString(error) + ")"};
}

}  // namespace

const Kernels* kernels() {
#define MVQ_KERNEL(name) {name##_workspace_bytes, name},
  static constexpr Kernels all{MVQ_EVERY_OPERATION(MVQ_KERNEL)};
#undef MVQ_KERNEL
  return &all;
}

const Devices& devices() {
  static const Devices& found = *new Devices(ask_driver());  // outlives exit()
  return found;
}

void require_on_device(const char* name, const void* pointer, int ordinal) {
  cudaPointerAttributes attributes{};
  if (const cudaError_t error = cudaPointerGetAttributes(&attributes, pointer)) {
    cudaGetLastError();
    failed("cudaPointerGetAttributes", error);
  }
  if (attributes.type == cudaMemoryTypeManaged) return;  // migrates to whoever uses it
  if (attributes.type != cudaMemoryTypeDevice)
    bad_argument("%s is in host memory, but where names cuda:%d; copy it to the device", name, ordinal);
  if (attributes.device != ordinal)
    bad_argument("%s is on cuda:%d, but where names cuda:%d; all buffers of a call must be on one device", name,
                 attributes.device, ordinal);
}

}  // namespace mvq::cuda
