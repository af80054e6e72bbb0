// A tier: the kernels compiled for one instruction set. Defined by isa_*.cpp, chosen by dispatch.cpp.
#pragma once
#include <cstdint>

#include "mvq.h"

namespace mvq {

/* A kernel's two functions; their arguments are already checked, threads is in 1..MAX_THREADS. */
template <class Args>
struct Kernel {
  int64_t (*workspace_bytes)(const Args& args, int threads);
  void (*run)(const Args& args, int threads, void* workspace);
};

struct Tier {
  const char* name;
  Kernel<mvq_nearest_code_args> nearest_code;
  Kernel<mvq_nearest_in_bank_args> nearest_in_bank;
  Kernel<mvq_nearest_free_mask_args> nearest_free_mask;
  Kernel<mvq_dropout_masks_args> dropout_masks;
  Kernel<mvq_select_hypothesis_args> select_hypothesis;
  Kernel<mvq_codebook_sums_args> codebook_sums;
};

extern const Tier tier_amx, tier_avx512vnni, tier_avx512, tier_avx2, tier_neon, tier_scalar;

}  // namespace mvq
