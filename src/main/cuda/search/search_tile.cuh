// The tile of the nearest-code searches: a block holds ROWS x CODES distances in registers and runs over the
// dimensions, DIMS at a time, through shared memory that asynchronous copies fill STAGES - 1 steps ahead.
//
// A distance belongs to one thread, which sums it over ascending d as the scalar tier does. Nothing is split over d, so
// the bits are the scalar tier's. Per dimension a thread reads TM + TN floats and does TM * TN subtractions and fmas.
#pragma once
#include "device/divide.cuh"
#include "device/warp.cuh"
#include "rules.hpp"

namespace mvq::cuda {
namespace {

/* What a dimension adds to the distance: (z - e)^2; the same or nothing, by the row's mask; the smaller of it and
 * z^2. */
enum class Term { full, row_masked, free };

constexpr int THREADS = 256, SIDE = 16;  // a block is SIDE x SIDE threads
constexpr int DIMS = 8, STAGES = 2;
constexpr int VECTORS_A_PASS = THREADS / DIMS;  // that a block copies at once

/* Behind the vectors of a dimension in shared memory. A pitch of 4 mod 32 words: the copies of a warp, 8 dimensions of
 * 4 vectors, meet 32 banks. */
constexpr int PAD = 4;

template <int tm, int tn>
struct Shape {
  static constexpr int TM = tm, TN = tn;  // distances a thread
  static constexpr int ROWS = SIDE * TM, CODES = SIDE * TN;
};
using LargeTile = Shape<8, 8>;
using SmallTile = Shape<2, 4>;

/* A search as the kernels see it. With a bank, code v is mask v % m of the bank applied to code v / m. */
struct Search {
  int64_t n;
  uint32_t k;  // below 2^31; virtual codes where there is a bank
  int32_t d;
  const float* rows;
  int64_t rows_stride;
  const float* codes;
  int64_t codes_stride;
  const uint64_t* row_mask = nullptr;  // Term::row_masked
  int64_t row_mask_stride = 0;
  const uint64_t* allowed = nullptr;  // NULL = all
  int64_t allowed_stride = 0;
  const uint64_t* bank = nullptr;  // (m, mask_words(d))
  Divider m{};

  /* With a bank: the code behind a virtual one, and its mask. */
  __device__ __forceinline__ uint32_t code_of(uint32_t number, const uint64_t*& mask) const {
    const uint32_t code = m.quotient(number);
    mask = bank + (number - code * m.divisor) * mask_words(d);
    return code;
  }
};

/* The lane's vector v of a thread: V neighbours, then the next group a whole side further. */
template <int T>
__device__ __forceinline__ int place_in_tile(int thread, int i) {
  constexpr int V = T < 4 ? T : 4;
  return i / V * (SIDE * V) + thread * V + i % V;
}

/* Reads a thread's T values of one dimension, as vectors. */
template <int T>
__device__ __forceinline__ void read_dimension(const float* line, int thread, float (&values)[T]) {
  if constexpr (T == 2) {
    const float2 pair = *reinterpret_cast<const float2*>(line + thread * 2);
    values[0] = pair.x, values[1] = pair.y;
  } else {
#pragma unroll
    for (int i = 0; i < T; i += 4) {
      const float4 four = *reinterpret_cast<const float4*>(line + place_in_tile<T>(thread, i));
      values[i] = four.x, values[i + 1] = four.y, values[i + 2] = four.z, values[i + 3] = four.w;
    }
  }
}

/* Begins the copies of dimensions first_dim..first_dim + DIMS - 1 of COUNT rows; past d they are 0. */
template <int COUNT>
__device__ __forceinline__ void begin_rows(const Search& s, const int64_t* row_of, int first_dim,
                                           float (*to)[COUNT + PAD]) {
  const int dim = int(threadIdx.x) % DIMS;
  const bool wanted = first_dim + dim < s.d;
#pragma unroll
  for (unsigned pass = 0; pass < COUNT / VECTORS_A_PASS; ++pass) {
    const unsigned r = pass * VECTORS_A_PASS + threadIdx.x / DIMS;
    begin_copy(&to[dim][r], s.rows + row_of[r] * s.rows_stride + (wanted ? first_dim + dim : 0), wanted);
  }
}

/* The same of COUNT codes; a dimension that a mask of the bank drops is 0. */
template <int COUNT, bool bank>
__device__ __forceinline__ void begin_codes(const Search& s, uint32_t first_code, int first_dim,
                                            float (*to)[COUNT + PAD]) {
  const int dim = int(threadIdx.x) % DIMS;
  const bool inside = first_dim + dim < s.d;
#pragma unroll(bank ? 1 : COUNT / VECTORS_A_PASS)
  for (unsigned pass = 0; pass < COUNT / VECTORS_A_PASS; ++pass) {
    const unsigned r = pass * VECTORS_A_PASS + threadIdx.x / DIMS;
    uint32_t code = first_code + r < s.k ? first_code + r : s.k - 1;
    bool wanted = inside;
    if constexpr (bank) {
      const uint64_t* mask;
      code = s.code_of(code, mask);
      if (inside) wanted = mask_bit(mask, first_dim + dim);
    }
    begin_copy(&to[dim][r], s.codes + code * s.codes_stride + (inside ? first_dim + dim : 0), wanted);
  }
}

/* Runs ahead of the computation: each step begins the copies of the next DIMS dimensions, tile of codes by tile. */
template <int ROWS, int CODES, bool bank>
struct CopyAhead {
  const int64_t* row_of;
  float (*rows)[DIMS][ROWS + PAD];  // (STAGES)
  float (*codes)[DIMS][CODES + PAD];
  uint32_t tile, end_tile;
  int dim = 0, stage = 0;

  __device__ __forceinline__ void step(const Search& s) {
    if (tile < end_tile) {
      begin_rows<ROWS>(s, row_of, dim, rows[stage]);
      begin_codes<CODES, bank>(s, tile * CODES, dim, codes[stage]);
    }
    end_copy_group();  // also when empty: the count of groups is the count of steps
    stage = stage + 1 < STAGES ? stage + 1 : 0;
    if ((dim += DIMS) >= s.d) dim = 0, ++tile;
  }
};

template <Term term>
__device__ __forceinline__ void add_term(float z, float e, bool kept, float& sum) {
  float t = z - e;
  if constexpr (term == Term::free) t = min_or_nan(fabsf(z), fabsf(t));
  if (term != Term::row_masked || kept) sum = __fmaf_rn(t, t, sum);
}

/* The bits of DIMS dimensions of a row's mask. */
__device__ __forceinline__ uint32_t mask_of_dims(const Search& s, int64_t row, int first_dim) {
  return uint32_t(s.row_mask[row * s.row_mask_stride + first_dim / 64] >> (first_dim % 64)) & ((1u << DIMS) - 1);
}
static_assert(64 % DIMS == 0);

}  // namespace
}  // namespace mvq::cuda
