// The screening kernel: tensor cores find each row's survivors among a block's share of the codes, then the block ranks
// them exactly, as search_tiles ranks all.
#pragma once
#include "search/screen/screen.cuh"

namespace mvq::cuda {
namespace {

/* The float32 distance, summed as everywhere; under a mask. Read 16 bytes at a time where both vectors are aligned: a
 * lane has two vectors of its own, so that a load of one float costs it a whole sector. */
template <bool masked>
__device__ __forceinline__ float exact_distance(const float* z, const float* e, const uint64_t* mask, int d) {
  float sum = 0;
  const auto add = [&](int i, float a, float b) {
    const float t = a - (masked && !mask_bit(mask, i) ? 0.0f : b);
    sum = __fmaf_rn(t, t, sum);
  };
  int i = 0;
  if ((reinterpret_cast<uintptr_t>(z) | reinterpret_cast<uintptr_t>(e)) % 16 == 0)
#pragma unroll(masked ? 1 : 2)
    for (; i + 4 <= d; i += 4) {
      const float4 a = *reinterpret_cast<const float4*>(z + i), b = *reinterpret_cast<const float4*>(e + i);
      add(i, a.x, b.x), add(i + 1, a.y, b.y), add(i + 2, a.z, b.z), add(i + 3, a.w, b.w);
    }
#pragma unroll(masked ? 1 : 4)
  for (; i < d; ++i) add(i, z[i], e[i]);
  return sum;
}

/* A code that may be a row's nearest. */
struct Survivor {
  uint32_t row_and_code;  // the row in the tile, and the code in CODE_BITS
  float lower;            // a bound of its distance, less |z|^2
};
constexpr int CODE_BITS = 25;
constexpr unsigned MOST_SURVIVORS =
    1024;  // of a block at once; where one tile has more, it is searched without screening

/* What a block knows of its rows; in shared memory. */
struct ScreenedRows {
  float (&norm)[SCREEN_SIDE];
  float (&scale)[SCREEN_SIDE];              // -2 times its halves' scale
  int (&least_upper)[SCREEN_SIDE];          // the least upper bound of a distance, less |z|^2, as an ordered integer
  unsigned long long (&best)[SCREEN_SIDE];  // the least rank so far

  /* What a survivor's lower bound must not exceed; between barriers that no least upper bound is lowered between. */
  __device__ __forceinline__ float limit(int row, const Slack& slack) const {
    return unordered(least_upper[row]) + 2.002f * slack.of_norm(norm[row]);
  }
};

/* What the bounds of a thread's four rows need. */
struct RowTerms {
  float a_r[SLOTS], scale[SLOTS];
  __device__ __forceinline__ RowTerms(const ScreenedRows& rows, const Slack& slack) {
#pragma unroll
    for (int slot = 0; slot < SLOTS; ++slot) {
      a_r[slot] = slack.a * rows.norm[row_of_slot(slot)];
      scale[slot] = rows.scale[row_of_slot(slot)];
    }
  }
  __device__ __forceinline__ float lower(int slot, float p, const Bound& code) const {
    return __fmaf_rn(-a_r[slot], code.norm, __fmaf_rn(scale[slot] * code.scale, p, code.lower));
  }
  __device__ __forceinline__ float upper(int slot, float p, const Bound& code) const {
    return __fmaf_rn(a_r[slot], code.norm, __fmaf_rn(scale[slot] * code.scale, p, code.upper));
  }
};

/* Lowers the rows' least upper bounds to those of a tile. */
__device__ __forceinline__ void lower_bounds(const RowTerms& terms, const Bound (&bounds)[SCREEN_SIDE], uint32_t codes,
                                             const float (&product)[M_TILES][N_TILES][4], const ScreenedRows& rows) {
  float least[SLOTS];
#pragma unroll
  for (int slot = 0; slot < SLOTS; ++slot) least[slot] = __uint_as_float(0x7F800000u);
  for_each_code(bounds, codes, product, [&](const float(&p)[SLOTS], uint32_t, const Bound& bound) {
#pragma unroll
    for (int slot = 0; slot < SLOTS; ++slot) {
      const float upper = terms.upper(slot, p[slot], bound);
      least[slot] = upper < least[slot] ? upper : least[slot];  // not so for NaN
    }
  });
#pragma unroll
  for (int slot = 0; slot < SLOTS; ++slot) atomicMin(&rows.least_upper[row_of_slot(slot)], ordered(least[slot]));
}

/* Lists the survivors of a tile, as far as there is room; `count`: of all. A thread looks at a code for its four rows
 * together, for a survivor is rare and a branch a product would cost as much as its bound. */
__device__ __forceinline__ void list_survivors(const RowTerms& terms, const Bound (&bounds)[SCREEN_SIDE],
                                               uint32_t codes, uint32_t first_code,
                                               const float (&product)[M_TILES][N_TILES][4],
                                               const float (&limit)[SCREEN_SIDE], const ScreenedRows& rows,
                                               Survivor* survivors, unsigned& count) {
  float most[SLOTS];  // of a survivor's lower bound
#pragma unroll
  for (int slot = 0; slot < SLOTS; ++slot) most[slot] = limit[row_of_slot(slot)];
  for_each_code(bounds, codes, product, [&](const float(&p)[SLOTS], uint32_t code, const Bound& bound) {
    float lower[SLOTS];
    bool survives = false;
#pragma unroll
    for (int slot = 0; slot < SLOTS; ++slot) {
      lower[slot] = terms.lower(slot, p[slot], bound);
      survives |= !(lower[slot] > most[slot]);  // so for NaN
    }
    if (!survives) return;
#pragma unroll
    for (int slot = 0; slot < SLOTS; ++slot) {
      if (lower[slot] > most[slot]) continue;
      const unsigned row = unsigned(row_of_slot(slot)), place = atomicAdd(&count, 1u);
      if (place < MOST_SURVIVORS) survivors[place] = {row << CODE_BITS | (first_code + code), lower[slot]};
      const float upper = terms.upper(slot, p[slot], bound);
      if (upper == upper) atomicMin(&rows.least_upper[row], ordered(upper));
    }
  });
}

/* Ranks the survivors that the bounds of by now leave. */
template <bool bank>
__device__ __forceinline__ void rank_survivors(const Search& s, int64_t first_row, const Slack& slack,
                                               const Survivor* survivors, unsigned count, const ScreenedRows& rows) {
  for (unsigned i = threadIdx.x; i < count; i += THREADS) {
    const int row = int(survivors[i].row_and_code >> CODE_BITS);
    if (survivors[i].lower > rows.limit(row, slack) || first_row + row >= s.n) continue;  // not so for NaN
    const uint32_t number = survivors[i].row_and_code & ((1u << CODE_BITS) - 1);
    const uint64_t* mask = nullptr;
    const uint32_t code = bank ? s.code_of(number, mask) : number;
    const float distance =
        exact_distance<bank>(s.rows + (first_row + row) * s.rows_stride, s.codes + code * s.codes_stride, mask, s.d);
    atomicMin(&rows.best[row], static_cast<unsigned long long>(ranked(distance_bits(distance), number)));
  }
}

/* ranks and results as search_tiles; again (gridDim.y, gridDim.x): whether search_tiles must do the block's work. */
template <bool bank>
__global__ void __launch_bounds__(THREADS, 2)
    screen_tiles(Search s, uint32_t tiles_a_share, Halved halved, uint64_t* ranks, Results results, uint32_t* again) {
  SHARED_ARRAY(uint32_t, row_halves, [2][SCREEN_SIDE][PIECE_WORDS]);
  SHARED_ARRAY(uint32_t, code_halves, [2][SCREEN_SIDE][PIECE_WORDS]);
  SHARED_ARRAY(Bound, code_bounds, [2][SCREEN_SIDE]);  // of this tile and the next
  SHARED_ARRAY(Survivor, survivors, [MOST_SURVIVORS]);
  SHARED_ARRAY(float, norm, [SCREEN_SIDE]);
  SHARED_ARRAY(float, row_scale, [SCREEN_SIDE]);
  SHARED_ARRAY(int, least_upper, [SCREEN_SIDE]);
  SHARED_ARRAY(float, limit, [SCREEN_SIDE]);  // as of the last tile
  SHARED_ARRAY(unsigned long long, best, [SCREEN_SIDE]);
  SHARED_ARRAY(unsigned, count, [1]);
  const ScreenedRows rows{norm, row_scale, least_upper, best};
  const int64_t first_row = int64_t{blockIdx.x} * SCREEN_SIDE;
  const uint32_t first_tile = blockIdx.y * tiles_a_share, tiles = (s.k + SCREEN_SIDE - 1) / SCREEN_SIDE;
  const uint32_t end_tile = first_tile + tiles_a_share < tiles ? first_tile + tiles_a_share : tiles;

  // the copies run a piece ahead of the products, a tile's bounds with its first piece
  uint32_t ahead_tile = first_tile, ahead_word = 0;
  const auto copy_ahead = [&](int stage) {
    if (ahead_tile < end_tile) {
      if (ahead_word == 0 && threadIdx.x < SCREEN_SIDE)
        begin_copy_16(reinterpret_cast<uint32_t*>(&code_bounds[ahead_tile % 2][threadIdx.x]),
                      reinterpret_cast<const uint32_t*>(halved.code_bounds + ahead_tile * SCREEN_SIDE + threadIdx.x));
      begin_pieces(halved.rows + first_row * halved.words + ahead_word, halved.words, row_halves[stage]);
      begin_pieces(halved.codes + int64_t{ahead_tile} * SCREEN_SIDE * halved.words + ahead_word, halved.words,
                   code_halves[stage]);
    }
    end_copy_group();
    if ((ahead_word += PIECE_WORDS) >= halved.words) ahead_word = 0, ++ahead_tile;
  };
  copy_ahead(0);

  if (threadIdx.x == 0) count[0] = 0;
  if (threadIdx.x < SCREEN_SIDE) {
    const Bound bound = halved.row_bounds[first_row + threadIdx.x];
    norm[threadIdx.x] = bound.norm;
    row_scale[threadIdx.x] = -2 * bound.scale;
    least_upper[threadIdx.x] = ordered(__uint_as_float(0x7F800000u));
    best[threadIdx.x] = NO_RANK;
  }
  __syncthreads();
  int stage = 0;
  bool too_many = false;
  for (uint32_t tile = first_tile; tile < end_tile && !too_many; ++tile) {
    float product[M_TILES][N_TILES][4] = {};
#pragma unroll 1
    for (uint32_t word = 0; word < halved.words; word += PIECE_WORDS) {
      wait_copies<0>();
      __syncthreads();  // this piece's copies have landed, and all are done with the stage that is filled next
      copy_ahead(stage ^ 1);
      multiply_piece(row_halves[stage], code_halves[stage], product);
      stage ^= 1;
    }
    const RowTerms terms(rows, halved.slack);  // read anew each tile: the products need the registers
    const uint32_t codes = s.k - tile * SCREEN_SIDE;
    if (tile == first_tile) {  // it only lowers the bounds at first
      lower_bounds(terms, code_bounds[tile % 2], codes, product, rows);
      __syncthreads();
      if (threadIdx.x < SCREEN_SIDE) limit[threadIdx.x] = rows.limit(threadIdx.x, halved.slack);
      __syncthreads();
    }
    list_survivors(terms, code_bounds[tile % 2], codes, tile * SCREEN_SIDE, product, limit, rows, survivors, count[0]);
    __syncthreads();
    if (threadIdx.x < SCREEN_SIDE) limit[threadIdx.x] = rows.limit(threadIdx.x, halved.slack);
    // the next piece's barrier comes before the limits are read
    const unsigned found = count[0];
    too_many = found > MOST_SURVIVORS;
    if (too_many || (found <= MOST_SURVIVORS / 2 && tile + 1 < end_tile)) continue;
    rank_survivors<bank>(s, first_row, halved.slack, survivors, found, rows);
    __syncthreads();  // the list is read
    if (threadIdx.x == 0) count[0] = 0;
    // the next piece's barrier comes before the list is written to
  }
  wait_copies<0>();
  if (threadIdx.x == 0) again[blockIdx.y * gridDim.x + blockIdx.x] = too_many;
  if (too_many || threadIdx.x >= SCREEN_SIDE || first_row + threadIdx.x >= s.n) return;
  if (ranks) ranks[blockIdx.y * s.n + first_row + threadIdx.x] = best[threadIdx.x];
  else results.write(first_row + threadIdx.x, best[threadIdx.x]);
}

}  // namespace
}  // namespace mvq::cuda
