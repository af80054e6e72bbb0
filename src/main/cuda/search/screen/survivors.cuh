// A block's survivors: the codes whose bounds say that they may be a row's nearest, listed and ranked exactly.
#pragma once
#include "search/screen/screen.cuh"

namespace mvq::cuda {
namespace {

/* The float32 distance, summed as everywhere; in a bank under a mask. Read 16 bytes at a time where both vectors are
 * aligned: a lane has two vectors of its own, so that a load of one float costs it a whole sector. */
template <Screened what>
__device__ __forceinline__ float exact_distance(const float* z, const float* e, const uint64_t* mask, int d) {
  constexpr bool masked = what == Screened::bank;
  constexpr Term term = what == Screened::free ? Term::free : Term::full;
  float sum = 0;
  const auto add = [&](int i, float a, float b) {
    add_term<term>(a, masked && !mask_bit(mask, i) ? 0.0f : b, true, sum);
  };
  int i = 0;
  if ((reinterpret_cast<uintptr_t>(z) | reinterpret_cast<uintptr_t>(e)) % 16 == 0)
#pragma unroll(what == Screened::codes ? 2 : 1)  // as far as the registers reach
    for (; i + 4 <= d; i += 4) {
      const float4 a = *reinterpret_cast<const float4*>(z + i), b = *reinterpret_cast<const float4*>(e + i);
      add(i, a.x, b.x), add(i + 1, a.y, b.y), add(i + 2, a.z, b.z), add(i + 3, a.w, b.w);
    }
#pragma unroll(what == Screened::codes ? 4 : 1)
  for (; i < d; ++i) add(i, z[i], e[i]);
  return sum;
}

/* A code that may be a row's nearest. */
struct Survivor {
  uint32_t row_and_code;  // the row in the tile, and the code in CODE_BITS
  float lower;            // a bound of its distance, less |z|^2
};
constexpr int CODE_BITS = 25;
constexpr unsigned MOST_SURVIVORS = 1024;  // of a block at once; with more it is searched without screening

/* What a block knows of its rows; in shared memory. */
struct ScreenedRows {
  float (&norm)[SCREEN_SIDE];
  float (&scale)[SCREEN_SIDE];
  float (&offset)[SCREEN_SIDE];             // the row's Bound::upper; -inf past the last row
  int (&least_upper)[SCREEN_SIDE];          // the least upper bound of a distance, less |z|^2, as an ordered integer
  unsigned long long (&best)[SCREEN_SIDE];  // the least rank so far

  /* What a survivor's lower bound must not exceed; between barriers that nothing it is made of is lowered between. A
   * free mask has no upper bounds but the distances that were ranked: till then NaN, which nothing exceeds. */
  template <Screened what>
  __device__ __forceinline__ float limit(int row) const {
    if constexpr (what == Screened::free) return __uint_as_float(uint32_t(best[row] >> 32)) + offset[row];
    else return unordered(least_upper[row]) + offset[row];
  }
  /* A limit that leaves a row's likeliest codes, after lower_bounds with a free mask. */
  __device__ __forceinline__ float least_lower(int row) const {
    const float least = unordered(least_upper[row]), infinity = __uint_as_float(0x7F800000u);
    return offset[row] == -infinity ? -infinity : least;
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

/* Lowers the rows' least upper bounds to those of a tile; with a free mask, to its least lower bounds. */
template <Screened what>
__device__ __forceinline__ void lower_bounds(const RowTerms& terms, const Bound (&bounds)[SCREEN_SIDE], uint32_t codes,
                                             const float (&product)[M_TILES][N_TILES][4], const ScreenedRows& rows) {
  float least[SLOTS];
#pragma unroll
  for (int slot = 0; slot < SLOTS; ++slot) least[slot] = __uint_as_float(0x7F800000u);
  for_each_code(bounds, codes, 0, N_TILES, product, [&](const float(&p)[SLOTS], uint32_t, const Bound& bound) {
#pragma unroll
    for (int slot = 0; slot < SLOTS; ++slot) {
      const float value =
          what == Screened::free ? terms.lower(slot, p[slot], bound) : terms.upper(slot, p[slot], bound);
      least[slot] = value < least[slot] ? value : least[slot];  // not so for NaN
    }
  });
#pragma unroll
  for (int slot = 0; slot < SLOTS; ++slot) atomicMin(&rows.least_upper[row_of_slot(slot)], ordered(least[slot]));
}

/* Lists the survivors among products from..to - 1 of each warp, as far as there is room; `count`: of all. A thread
 * looks at a code for its four rows together, for a survivor is rare and a branch a product would cost as much as its
 * bound. */
template <Screened what>
__device__ __forceinline__ void list_survivors(const RowTerms& terms, const Bound (&bounds)[SCREEN_SIDE],
                                               uint32_t codes, uint32_t first_code,
                                               const float (&product)[M_TILES][N_TILES][4], int from, int to,
                                               const float (&limit)[SCREEN_SIDE], const ScreenedRows& rows,
                                               Survivor* survivors, unsigned& count) {
  float most[SLOTS];  // of a survivor's lower bound
#pragma unroll
  for (int slot = 0; slot < SLOTS; ++slot) most[slot] = limit[row_of_slot(slot)];
  for_each_code(bounds, codes, from, to, product, [&](const float(&p)[SLOTS], uint32_t code, const Bound& bound) {
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
      if constexpr (what == Screened::free) continue;
      const float upper = terms.upper(slot, p[slot], bound);
      if (upper == upper) atomicMin(&rows.least_upper[row], ordered(upper));
    }
  });
}

/* Ranks the survivors that the bounds of by now leave. */
template <Screened what>
__device__ __forceinline__ void rank_survivors(const Search& s, int64_t first_row, const Survivor* survivors,
                                               unsigned count, const ScreenedRows& rows) {
  for (unsigned i = threadIdx.x; i < count; i += THREADS) {
    const int row = int(survivors[i].row_and_code >> CODE_BITS);
    if constexpr (what != Screened::free)                        // whose limits others lower meanwhile
      if (survivors[i].lower > rows.limit<what>(row)) continue;  // not so for NaN
    if (first_row + row >= s.n) continue;
    const uint32_t number = survivors[i].row_and_code & ((1u << CODE_BITS) - 1);
    const uint64_t* mask = nullptr;
    const uint32_t code = what == Screened::bank ? s.code_of(number, mask) : number;
    const float distance =
        exact_distance<what>(s.rows + (first_row + row) * s.rows_stride, s.codes + code * s.codes_stride, mask, s.d);
    atomicMin(&rows.best[row], static_cast<unsigned long long>(ranked(distance_bits(distance), number)));
  }
}

}  // namespace
}  // namespace mvq::cuda
