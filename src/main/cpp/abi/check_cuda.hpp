// Checks of a call on a GPU, before anything is launched.
#pragma once
#include <cstdint>
#include <string>

#include "abi/buffers.hpp"
#include "abi/cuda.hpp"
#include "abi/error.hpp"
#include "mvq.h"

namespace mvq {

/* Whether there is such a device. */
void check_cuda_where(const mvq_where& where);

/* The same for a machine with so many devices; `refusal` says why there are none. */
void check_cuda_where(const mvq_where& where, const cuda::Devices& devices);

/* Rows a call: more than a 32-bit grid can count. */
constexpr int64_t MAX_CUDA_ROWS = INT32_MAX;
void check_cuda_rows(int64_t n);

/* A device faults at a misaligned element, and takes the process's whole context with it. */
void check_aligned(const char* name, const void* pointer, int64_t alignment);

template <class Args>
void check_before_launch(const Args& args) {
  check_cuda_rows(args.n);
  each_buffer(args, [](const char* name, const auto* pointer) { check_aligned(name, pointer, sizeof *pointer); });
}

/* Every buffer on the device of the call; a NULL workspace is not asked about. */
template <class Args>
void check_on_device(const Args& args, int ordinal, const void* workspace) {
  check_before_launch(args);
  each_buffer(args, [&](const char* name, const void* pointer) {
    if (pointer) cuda::require_on_device(name, pointer, ordinal);
  });
  if (workspace) cuda::require_on_device("workspace", workspace, ordinal);
}

}  // namespace mvq
