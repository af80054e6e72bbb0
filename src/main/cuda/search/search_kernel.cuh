// The kernel of the nearest-code searches: a block takes a tile of rows through its share of the tiles of codes.
#pragma once
#include "search/results.cuh"
#include "search/search_tile.cuh"

namespace mvq::cuda {
namespace {

/* Offers the distances to codes first_code.. of a tile. best: the least bits so far of each of the thread's rows and
 * their codes, in shared memory, for they are looked at once a tile and seldom change. */
template <class Tile>
__device__ __forceinline__ void offer_tile(const Search& s, const int64_t* row_of, uint32_t first_code,
                                           float (&distance)[Tile::TM][Tile::TN], uint32_t (*best)[2][THREADS]) {
  const int x = int(threadIdx.x) % SIDE, y = int(threadIdx.x) / SIDE;
#pragma unroll
  for (int i = 0; i < Tile::TM; ++i) {
    uint32_t least = NOTHING_WON, least_code = 0;
#pragma unroll
    for (int j = Tile::TN - 1; j >= 0; --j) {  // descending: the first of the smallest stays
      const uint32_t code = first_code + place_in_tile<Tile::TN>(x, j), bits = distance_bits(distance[i][j]);
      bool may = code < s.k && bits <= least;
      if (s.allowed && may) may = mask_bit(s.allowed + row_of[place_in_tile<Tile::TM>(y, i)] * s.allowed_stride, code);
      least = may ? bits : least;
      least_code = may ? code : least_code;
    }
    if (least >= best[i][0][threadIdx.x]) continue;
    best[i][0][threadIdx.x] = least;
    best[i][1][threadIdx.x] = least_code;
  }
}

/* Each row's least rank among the codes of one share, `tiles_a_share` tiles of codes -> ranks (gridDim.y, n), or the
 * results themselves where ranks is NULL. `only`: the blocks that have work, (gridDim.y, gridDim.x); NULL = all. */
template <class Tile, Term term, bool bank>
__global__ void __launch_bounds__(THREADS, Tile::TM == 8 ? 2 : 4)
    search_tiles(Search s, uint32_t tiles_a_share, uint64_t* ranks, Results results, const uint32_t* only) {
  SHARED_ARRAY(float, rows, [STAGES][DIMS][Tile::ROWS + PAD]);
  SHARED_ARRAY(float, codes, [STAGES][DIMS][Tile::CODES + PAD]);
  SHARED_ARRAY(uint32_t, best, [Tile::TM][2][THREADS]);
  SHARED_ARRAY(int64_t, row_of,
               [Tile::ROWS]);  // past n the last one; in shared memory, or each use would take registers
  if (only && !only[blockIdx.y * gridDim.x + blockIdx.x]) return;
  const int x = int(threadIdx.x) % SIDE, y = int(threadIdx.x) / SIDE;
  const int64_t first_row = int64_t{blockIdx.x} * Tile::ROWS;
  const uint32_t first_tile = blockIdx.y * tiles_a_share, tiles = (s.k + Tile::CODES - 1) / Tile::CODES;
  const uint32_t end_tile = first_tile + tiles_a_share < tiles ? first_tile + tiles_a_share : tiles;

  if (threadIdx.x < Tile::ROWS) row_of[threadIdx.x] = first_row + threadIdx.x < s.n ? first_row + threadIdx.x : s.n - 1;
  __syncthreads();

  CopyAhead<Tile::ROWS, Tile::CODES, bank> ahead{row_of, rows, codes, first_tile, end_tile};
  for (int stage = 0; stage < STAGES - 1; ++stage) ahead.step(s);

#pragma unroll
  for (int i = 0; i < Tile::TM; ++i) best[i][0][threadIdx.x] = NOTHING_WON, best[i][1][threadIdx.x] = 0;
  int stage = 0;
  for (uint32_t tile = first_tile; tile < end_tile; ++tile) {
    float sum[Tile::TM][Tile::TN] = {};
    for (int first_dim = 0; first_dim < s.d; first_dim += DIMS) {
      uint32_t kept[(Tile::TM + 3) / 4] = {};  // DIMS bits a row
      if constexpr (term == Term::row_masked) {
#pragma unroll
        for (int i = 0; i < Tile::TM; ++i)
          kept[i / 4] |= mask_of_dims(s, row_of[place_in_tile<Tile::TM>(y, i)], first_dim) << (i % 4 * DIMS);
      }
      wait_copies<STAGES - 2>();
      __syncthreads();  // this step's copies have landed, and all are done with the stage that is filled next
      ahead.step(s);
#pragma unroll(term == Term::free ? DIMS / 2 : DIMS)  // as far as the registers reach
      for (int dim = 0; dim < DIMS; ++dim) {
        float z[Tile::TM], e[Tile::TN];
        read_dimension(rows[stage][dim], y, z);
        read_dimension(codes[stage][dim], x, e);
#pragma unroll
        for (int i = 0; i < Tile::TM; ++i)
#pragma unroll
          for (int j = 0; j < Tile::TN; ++j)
            add_term<term>(z[i], e[j], kept[i / 4] >> (i % 4 * DIMS + dim) & 1, sum[i][j]);
      }
      stage = stage + 1 < STAGES ? stage + 1 : 0;
    }
    offer_tile<Tile>(s, row_of, tile * Tile::CODES, sum, best);
  }
  wait_copies<0>();

#pragma unroll
  for (int i = 0; i < Tile::TM; ++i) {
    const int64_t row = first_row + place_in_tile<Tile::TM>(y, i);
    const uint64_t rank = least_of_lanes<SIDE>(ranked(best[i][0][threadIdx.x], best[i][1][threadIdx.x]));
    if (x != 0 || row >= s.n) continue;
    if (ranks) ranks[blockIdx.y * s.n + row] = rank;
    else results.write(row, rank);
  }
}

}  // namespace
}  // namespace mvq::cuda
