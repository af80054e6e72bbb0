// The seam: the only words of this folder that mean one thing under nvcc and another under a host compiler.
//
// How a kernel is written and tested: an operation is a file of kernels and the two functions of operations.hpp. It
// uses CUDA's own words (__global__, threadIdx, __syncthreads, __shfl_xor_sync ...) and, for what plain C++ cannot
// spell, those of this header: SHARED_ARRAY, the asynchronous copies, launch. nvcc compiles it for the device. With
// -DMVQ_SIMT a host compiler reads the same text on tests/cpp/simt, which runs every CUDA thread as a fiber:
// sources.cmake finds every .cu file; add a test to tests/cpp/CMakeLists.txt, and compare with the scalar tier to the
// last bit. Blocks are whole warps, every thread reaches every barrier, shuffles name the full warp:
// SIMT holds kernels to that.
#pragma once
#include <cstdint>

#include "abi/error.hpp"
#include "abi/operations.hpp"
#include "device/tuning.hpp"

#ifdef MVQ_SIMT
#include "device/device_simt.cuh"
#else
#include "device/device_cuda.cuh"
#endif

namespace mvq::cuda {
namespace {

constexpr unsigned ALL_LANES = ~0u;
constexpr int WARP = 32;

/* Blocks of a grid's x dimension; more is an error that names n, before any launch. */
inline unsigned grid_size(int64_t blocks) {
  if (blocks > INT32_MAX)
    bad_argument("n is too large for one launch: %lld blocks, at most %d; split the rows", (long long)blocks,
                 INT32_MAX);
  return unsigned(blocks);
}

}  // namespace
}  // namespace mvq::cuda
