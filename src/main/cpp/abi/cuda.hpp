// The CUDA side as the C ABI sees it, without CUDA types. Defined by abi/backend.cu of src/main/cuda, or by no_cuda.cpp
// in a build that has no CUDA code.
#pragma once
#include <cstdint>
#include <string>

#include "../../cuda/abi/operations.hpp"
#include "abi/every_operation.hpp"
#include "mvq.h"

namespace mvq::cuda {

template <class Args>
struct Kernel {
  int64_t (*workspace_bytes)(const Args& args);
  void (*run)(const Args& args, const Device& device, void* workspace);
};

struct Kernels {
#define MVQ_KERNEL(name) Kernel<mvq_##name##_args> name;
  MVQ_EVERY_OPERATION(MVQ_KERNEL)
#undef MVQ_KERNEL
};

/* The kernels of this build; NULL if it has none. */
const Kernels* kernels();

struct Devices {
  int count;
  std::string refusal;  // why count is 0, e.g. "no device"; else ""
};

/* What the driver said when first asked. */
const Devices& devices();

/* Throws unless `pointer` is memory of this device: argument `name` of a call. */
void require_on_device(const char* name, const void* pointer, int ordinal);

}  // namespace mvq::cuda
