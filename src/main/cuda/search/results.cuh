// What a search gives the caller, and the kernel that finds each row's best among the shares of codes.
#pragma once
#include "device/divide.cuh"
#include "device/warp.cuh"
#include "rules.hpp"

namespace mvq::cuda {
namespace {

struct Results {
  int64_t* index;
  float* distance;                // may be NULL
  int64_t* mask_index = nullptr;  // of a mask bank; NULL = none
  Divider m{};

  /* One row's, of the winner's rank. */
  __device__ __forceinline__ void write(int64_t row, uint64_t rank) const {
    const bool found = rank < NO_RANK;
    const uint32_t number = uint32_t(rank), code = mask_index ? m.quotient(number) : number;
    index[row] = found ? int64_t{code} : -1;
    if (mask_index) mask_index[row] = found ? int64_t{number - code * m.divisor} : -1;
    if (distance) distance[row] = found ? __uint_as_float(uint32_t(rank >> 32)) : __uint_as_float(0x7F800000u);
  }
};

/* A row's least rank of ranks (shares, n), by a warp; in all its lanes. */
__device__ __forceinline__ uint64_t least_of_shares(const uint64_t* ranks, int64_t n, int shares, int64_t row) {
  uint64_t least = NO_RANK;
  for (int share = int(threadIdx.x) % WARP; share < shares; share += WARP) {
    const uint64_t rank = ranks[share * n + row];
    least = rank < least ? rank : least;
  }
  return least_of_lanes(least);
}

constexpr int FINISH_THREADS = 128, ROWS_A_FINISH = FINISH_THREADS / WARP;

/* A warp a row. */
__global__ void __launch_bounds__(FINISH_THREADS)
    finish_search(const uint64_t* ranks, int64_t n, int shares, Results results) {
  const int64_t row = int64_t{blockIdx.x} * ROWS_A_FINISH + threadIdx.x / WARP;
  if (row >= n) return;  // a whole warp
  const uint64_t rank = least_of_shares(ranks, n, shares, row);
  if (threadIdx.x % WARP == 0) results.write(row, rank);
}

}  // namespace
}  // namespace mvq::cuda
