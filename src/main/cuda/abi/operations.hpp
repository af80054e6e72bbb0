// The CUDA operations as the C ABI calls them: plain C++, no CUDA types. Arguments are already checked, pointers are
// device pointers. A call only launches on the stream: it neither allocates nor waits. What a launch reports (no kernel
// for this architecture, a bad configuration, an error left by earlier work) is thrown as mvq::Failure.
#pragma once
#include <cstdint>

#include "abi/every_operation.hpp"
#include "mvq.h"

namespace mvq::cuda {

struct Device {
  int ordinal;
  void* stream;  // a cudaStream_t of that device; NULL = its default stream
};

/* For each operation: the bytes its workspace needs, the same on every device, and the operation. */
#define MVQ_CUDA_OPERATION(name)                                 \
  int64_t name##_workspace_bytes(const mvq_##name##_args& args); \
  void name(const mvq_##name##_args& args, const Device& device, void* workspace);
MVQ_EVERY_OPERATION(MVQ_CUDA_OPERATION)
#undef MVQ_CUDA_OPERATION

}  // namespace mvq::cuda
