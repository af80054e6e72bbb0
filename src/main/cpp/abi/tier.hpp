// A tier: the kernels compiled for one instruction set. Defined by simd/isa_*.cpp, chosen by dispatch.cpp.
#pragma once
#include <cstdint>

#include "abi/every_operation.hpp"
#include "abi/every_tier.hpp"
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
#define MVQ_KERNEL(name) Kernel<mvq_##name##_args> name;
  MVQ_EVERY_OPERATION(MVQ_KERNEL)
#undef MVQ_KERNEL
};

#define MVQ_TIER_OF(name) extern const Tier tier_##name;
MVQ_EVERY_TIER_HERE(MVQ_TIER_OF)
#undef MVQ_TIER_OF

}  // namespace mvq
