// The screening kernel: tensor cores find each row's survivors among a block's share of the codes, then the block ranks
// them exactly, as search_tiles ranks all.
#pragma once
#include "screen.cuh"

namespace mvq::cuda {
namespace {

/* The float32 distance, summed as everywhere. */
__device__ __forceinline__ float exact_distance(const float* z, const float* e, int d) {
  float sum = 0;
  for (int i = 0; i < d; ++i) {
    const float t = z[i] - e[i];
    sum = __fmaf_rn(t, t, sum);
  }
  return sum;
}

/* Lowers each row's least upper bound by what the first tile says. All threads come; a barrier must follow. */
__device__ __forceinline__ void take_first_bounds(const Search& s, const CodeBound* bounds, uint32_t first_code,
                                                  const float (&product)[M_TILES][N_TILES][4],
                                                  const float (&a_r)[2 * M_TILES], int* least_upper) {
  float least[2 * M_TILES];
#pragma unroll
  for (int slot = 0; slot < 2 * M_TILES; ++slot) least[slot] = __uint_as_float(0x7F800000u);
  for_each_product(s, bounds, first_code, product, [&](int slot, float p, uint32_t, const CodeBound& bound) {
    const float upper = __fmaf_rn(a_r[slot], bound.s, __fmaf_rn(-2.0f, p, bound.upper));
    least[slot] = upper < least[slot] ? upper : least[slot];
  });
#pragma unroll
  for (int slot = 0; slot < 2 * M_TILES; ++slot) atomicMin(&least_upper[row_of_slot(slot)], ordered(least[slot]));
}

/* ranks and results as search_tiles; again (gridDim.y, gridDim.x): whether search_tiles must do the block's work. */
__global__ void __launch_bounds__(THREADS, 2)
    screen_tiles(Search s, uint32_t tiles_a_share, const CodeBound* bounds, uint64_t* ranks, Results results, uint32_t* again) {
  SHARED_ARRAY(float, rows, [STAGES][DIMS][SCREEN_ROWS + Swizzled::PAD]);
  SHARED_ARRAY(float, codes, [STAGES][DIMS][SCREEN_CODES + Swizzled::PAD]);
  SHARED_ARRAY(int64_t, row_of, [SCREEN_ROWS]);  // past n the last one
  SHARED_ARRAY(float, row_norm, [SCREEN_ROWS]);
  SHARED_ARRAY(int, least_upper, [SCREEN_ROWS]);  // as ordered integers
  SHARED_ARRAY(unsigned, count, [SCREEN_ROWS]);
  SHARED_ARRAY(uint32_t, survivors, [SCREEN_ROWS][MOST_SURVIVORS]);
  const int64_t first_row = int64_t{blockIdx.x} * SCREEN_ROWS;
  const uint32_t first_tile = blockIdx.y * tiles_a_share, tiles = (s.k + SCREEN_CODES - 1) / SCREEN_CODES;
  const uint32_t end_tile = first_tile + tiles_a_share < tiles ? first_tile + tiles_a_share : tiles;
  if (threadIdx.x < SCREEN_ROWS) {
    row_of[threadIdx.x] = first_row + threadIdx.x < s.n ? first_row + threadIdx.x : s.n - 1;
    least_upper[threadIdx.x] = ordered(__uint_as_float(0x7F800000u));
    count[threadIdx.x] = 0;
  }
  __syncthreads();

  CopyAhead<SCREEN_ROWS, SCREEN_CODES, false, Swizzled> ahead{row_of, rows, codes, first_tile, end_tile};
  for (int stage = 0; stage < STAGES - 1; ++stage) ahead.step(s);

  for (int r = int(threadIdx.x) / WARP; r < SCREEN_ROWS; r += THREADS / WARP) {
    const float square = square_of(s.rows + row_of[r] * s.rows_stride, s.d);
    if (threadIdx.x % WARP == 0) row_norm[r] = norm_above(square, s.d);
  }
  __syncthreads();
  const Slack slack(s.d);
  float a_r[2 * M_TILES];
#pragma unroll
  for (int slot = 0; slot < 2 * M_TILES; ++slot) a_r[slot] = slack.a * row_norm[row_of_slot(slot)];

  int stage = 0;
  for (uint32_t tile = first_tile; tile < end_tile; ++tile) {
    float product[M_TILES][N_TILES][4] = {};
    for (int first_dim = 0; first_dim < s.d; first_dim += DIMS) {
      wait_copies<STAGES - 2>();
      __syncthreads();  // this step's copies have landed, and all are done with the stage that is filled next
      ahead.step(s);
      multiply_step(rows[stage], codes[stage], product);
      stage = stage + 1 < STAGES ? stage + 1 : 0;
    }
    if (tile == first_tile) {
      take_first_bounds(s, bounds, tile * SCREEN_CODES, product, a_r, least_upper);
      __syncthreads();
    }
    float limit[2 * M_TILES];
#pragma unroll
    for (int slot = 0; slot < 2 * M_TILES; ++slot) {
      const float norm = row_norm[row_of_slot(slot)];
      limit[slot] = unordered(atomicMin(&least_upper[row_of_slot(slot)], INT32_MAX)) +
                    2.002f * __fmaf_rn(slack.b, norm * norm, slack.tiny);
    }
    for_each_product(s, bounds, tile * SCREEN_CODES, product, [&](int slot, float p, uint32_t code, const CodeBound& bound) {
      if (__fmaf_rn(-a_r[slot], bound.s, __fmaf_rn(-2.0f, p, bound.lower)) > limit[slot]) return;  // not so for NaN
      const int row = row_of_slot(slot);
      const unsigned place = atomicAdd(&count[row], 1u);
      if (place < MOST_SURVIVORS) survivors[row][place] = code;
      const float upper = __fmaf_rn(a_r[slot], bound.s, __fmaf_rn(-2.0f, p, bound.upper));
      if (upper == upper) atomicMin(&least_upper[row], ordered(upper));
    });
  }
  wait_copies<0>();
  __syncthreads();

  const bool too_many = __syncthreads_or(threadIdx.x < SCREEN_ROWS && count[threadIdx.x % SCREEN_ROWS] > MOST_SURVIVORS) != 0;
  if (threadIdx.x == 0) again[blockIdx.y * gridDim.x + blockIdx.x] = too_many;
  if (too_many) return;
  const int x = int(threadIdx.x) % SIDE;
  for (int r = int(threadIdx.x) / SIDE; r < SCREEN_ROWS; r += THREADS / SIDE) {
    uint64_t rank = NO_RANK;
    for (unsigned place = unsigned(x); place < count[r]; place += SIDE) {
      const uint32_t code = survivors[r][place];
      const float distance = exact_distance(s.rows + row_of[r] * s.rows_stride, s.codes + code * s.codes_stride, s.d);
      const uint64_t other = ranked(distance_bits(distance), code);
      rank = other < rank ? other : rank;
    }
    rank = least_of_lanes<SIDE>(rank);
    if (x != 0 || first_row + r >= s.n) continue;
    if (ranks)
      ranks[blockIdx.y * s.n + first_row + r] = rank;
    else
      results.write(first_row + r, rank);
  }
}

}  // namespace
}  // namespace mvq::cuda
