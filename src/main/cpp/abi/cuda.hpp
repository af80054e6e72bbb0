// The CUDA side as the C ABI sees it, without CUDA types. Defined by abi/backend.cu of src/main/cuda, or by no_cuda.cpp
// in a build that has no CUDA code.
#pragma once
#include <cstdint>
#include <string>

#include "../../cuda/abi/operations.hpp"
#include "mvq.h"

namespace mvq::cuda {

template <class Args>
struct Kernel {
  int64_t (*workspace_bytes)(const Args& args);
  void (*run)(const Args& args, const Device& device, void* workspace);
};

struct Kernels {
  Kernel<mvq_nearest_code_args> nearest_code;
  Kernel<mvq_nearest_in_bank_args> nearest_in_bank;
  Kernel<mvq_nearest_free_mask_args> nearest_free_mask;
  Kernel<mvq_dropout_masks_args> dropout_masks;
  Kernel<mvq_select_hypothesis_args> select_hypothesis;
  Kernel<mvq_codebook_sums_args> codebook_sums;
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
