// The free mask with exactly `kept` ones: a warp a row, a lane a code. The mask keeps the dimensions with the smallest
// costs; a bisection over the bits of the costs finds the threshold.
#pragma once
#include "search/results.cuh"

namespace mvq::cuda {
namespace {

/* Dimensions that cost less than `limit` are kept, and of those that cost as much the first `quota`. */
struct Threshold {
  float limit;
  int quota;

  /* Whether a dimension is kept; to be asked in ascending order. */
  __device__ __forceinline__ bool takes(float cost) {
    const bool tie = cost == limit && quota > 0;
    quota -= tie;
    return cost < limit || tie;
  }
};

/* count(limit): how many costs are below; any(x): whether x holds for any of the threads that bisect together. */
template <class Count, class Any>
__device__ __forceinline__ Threshold find_threshold(int kept, Count count, Any any) {
  const float infinity = __uint_as_float(0x7F800000u);
  int low = ordered(-infinity), high = ordered(infinity) + 1;  // never more than `kept` below low
  int below_low = 0;
  while (any(below_low < kept && high - int64_t{low} > 1)) {
    const int middle = int((int64_t{low} + high) >> 1);
    const int below = count(unordered(middle));
    if (below > kept) {
      high = middle;
    } else {
      low = middle;
      below_low = below;
    }
  }
  return {unordered(low), kept - below_low};
}

constexpr int KEPT_THREADS = 256, KEPT_ROWS = KEPT_THREADS / WARP, KEPT_CODES = WARP;
constexpr int CHUNK = 128;  // dimensions in shared memory at a time

struct KeptSearch {
  int64_t n;
  uint32_t k;
  int32_t d, kept;
  const float* rows;
  int64_t rows_stride;
  const float* codes;
  int64_t codes_stride;
};

/* Calls body(z, e) for each dimension of the warp's row and the lane's code, ascending. All threads of the block
 * come. */
template <class Body>
__device__ __forceinline__ void for_each_dimension(const KeptSearch& s, uint32_t first_code, float (*rows)[CHUNK],
                                                   float (*codes)[CHUNK + 1], bool& filled, Body body) {
  const int lane = int(threadIdx.x) % WARP, warp = int(threadIdx.x) / WARP;
  for (int first = 0; first < s.d; first += CHUNK) {
    const int dims = s.d - first < CHUNK ? s.d - first : CHUNK;
    if (!filled || s.d > CHUNK) {  // one chunk stays for all passes
      __syncthreads();
      for (int i = int(threadIdx.x); i < KEPT_ROWS * CHUNK; i += KEPT_THREADS) {
        const int64_t row = int64_t{blockIdx.x} * KEPT_ROWS + i / CHUNK;
        if (i % CHUNK < dims)
          rows[i / CHUNK][i % CHUNK] = s.rows[(row < s.n ? row : s.n - 1) * s.rows_stride + first + i % CHUNK];
      }
      for (int i = int(threadIdx.x); i < KEPT_CODES * CHUNK; i += KEPT_THREADS) {
        const uint32_t code = first_code + i / CHUNK;
        if (i % CHUNK < dims)
          codes[i / CHUNK][i % CHUNK] = s.codes[(code < s.k ? code : s.k - 1) * s.codes_stride + first + i % CHUNK];
      }
      __syncthreads();
      filled = true;
    }
    for (int i = 0; i < dims; ++i) body(rows[warp][i], codes[lane][i]);
  }
}

/* ranks (gridDim.y, n), as search_tiles. */
__global__ void __launch_bounds__(KEPT_THREADS, 4)
    search_kept_exactly(KeptSearch s, uint32_t tiles_a_share, uint64_t* ranks) {
  SHARED_ARRAY(float, rows, [KEPT_ROWS][CHUNK]);
  SHARED_ARRAY(float, codes, [KEPT_CODES][CHUNK + 1]);  // an odd pitch: lanes read one dimension of their own codes
  const uint32_t tiles = (s.k + KEPT_CODES - 1) / KEPT_CODES, first_tile = blockIdx.y * tiles_a_share;
  const uint32_t end_tile = first_tile + tiles_a_share < tiles ? first_tile + tiles_a_share : tiles;
  uint64_t best = NO_RANK;  // of the row, in all lanes
  for (uint32_t tile = first_tile; tile < end_tile; ++tile) {
    const uint32_t first_code = tile * KEPT_CODES, code = first_code + threadIdx.x % WARP;
    bool filled = false;
    const auto for_each = [&](auto body) { for_each_dimension(s, first_code, rows, codes, filled, body); };
    float bound = 0;  // the distance under any mask: with rounding too, no mask's is less
    for_each([&](float z, float e) {
      const float t = min_or_nan(fabsf(z), fabsf(e - z));
      bound = __fmaf_rn(t, t, bound);
    });
    const bool candidate = code < s.k && distance_bits(bound) < uint32_t(best >> 32);
    if (!__syncthreads_or(candidate)) continue;
    Threshold threshold = find_threshold(
        s.kept,
        [&](float limit) {
          int below = 0;
          for_each([&](float z, float e) { below += cost_of_keeping(z, e) < limit; });
          return below;
        },
        [&](bool mine) { return __syncthreads_or(candidate && mine) != 0; });
    float distance = 0;
    bool number = true;
    for_each([&](float z, float e) {
      const float cost = cost_of_keeping(z, e), t = threshold.takes(cost) ? e - z : z;
      distance = __fmaf_rn(t, t, distance);
      number = number && cost == cost;
    });
    uint64_t rank = candidate && number ? ranked(distance_bits(distance), code) : NO_RANK;
    rank = least_of_lanes(rank);
    best = rank < best ? rank : best;
  }
  const int64_t row = int64_t{blockIdx.x} * KEPT_ROWS + threadIdx.x / WARP;
  if (threadIdx.x % WARP == 0 && row < s.n) ranks[blockIdx.y * s.n + row] = best;
}

}  // namespace
}  // namespace mvq::cuda
