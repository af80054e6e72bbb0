// Screening on tensor cores: which codes can be a row's nearest,
// from products of halves and bounds that hold for certain.
//
// A vector is scaled by a power of two, so that its largest magnitude lies in [1/2, 1), and rounded to halves. Let p be
// the tensor cores' product of two such vectors, scaled back, r >= |z| and s >= |e|. The distance less |z|^2 is |e|^2 -
// 2 z.e, and the float32 distance that the search is about lies within a r s + b (r^2 + s^2) + tiny of |e|^2 - 2 p:
//   a: rounding moves a factor by 2^-11 of itself or, among a half's denormals, by 2^-25;
//      as no scaled norm is below 1/2, the latter come to less than sqrt(d) 2^-23 in all. Products of halves are exact
//      in float32. A step of 16 adds 17 numbers, of which each may lose 2^-22 of the largest, and no partial sum
//      exceeds |z||e| in magnitude.
//   b: (d + 3) 2^-24 for the float32 sum itself, d 2^-24 for |e|^2, and some for these few lines.
//   tiny: what underflow can hide. Norms whose squares pass HUGE_SQUARE, and NaN, make the bound NaN, which excludes
//      nothing.
// A code is a survivor unless its lower bound exceeds a row's least upper bound. Survivors are then ranked exactly.
#pragma once
#include <cmath>

#include "search/search_kernel.cuh"

namespace mvq::cuda {
namespace {

/* What is screened: codes, a bank's virtual codes, or codes each under its own best mask (free_features.cuh). */
enum class Screened { codes, bank, free };

constexpr float HUGE_SQUARE = 1e37f;  // no distance overflows below

/* Of a vector: a norm that is not too small, and what its halves are to be multiplied by. Of a code, its lower and
 * upper bound, which are these less and plus (row's a r) * norm, less 2 p, for which a row's scale holds the -2;
 * of a row, `upper` is by how much a survivor's lower bound may exceed its least upper bound. */
struct alignas(16) Bound {
  float lower, upper, norm, scale;
};

struct Slack {
  float a, b, tiny;
  explicit Slack(int32_t d)
      : a(2.02f * (0x1p-10f + std::sqrt(float(d)) * 0x1p-23f + (float(d) / 16 + 3) * 18 * 0x1p-22f)),
        b((4 * float(d) + 64) * 0x1p-24f), tiny(float(d) * 0x1p-120f) {}
  /* b r^2 + tiny. */
  __device__ __forceinline__ float of_norm(float norm) const { return __fmaf_rn(b, norm * norm, tiny); }
};

/* An upper bound of a norm from a float32 sum of squares; NaN where the square is huge or NaN. */
__device__ __forceinline__ float norm_above(float square, int d) {
  const float inside = square < HUGE_SQUARE ? square : __uint_as_float(0x7FC00000u);
  return 1.0001f * sqrtf(inside * (1 + float(d) * 0x1p-23f) + float(d) * 0x1p-125f);
}

/* 2^exponent, -149..127. */
__device__ __forceinline__ float power_of_two(int exponent) {
  return exponent < -126 ? __uint_as_float(1u << (exponent + 149)) : __uint_as_float(unsigned(exponent + 127) << 23);
}

/* The least e with all magnitudes below 2^e, of the bits of the largest; 127 at most, which no bounded vector
 * passes. */
__device__ __forceinline__ int exponent_above(uint32_t largest) {
  if (largest == 0) return 0;
  const int e = largest < 1u << 23 ? -117 - __clz(int(largest)) : int(largest >> 23) - 126;
  return e < 127 ? e : 127;
}

/* What brings magnitudes up to `largest` (its bits) below 1, the largest to 1/2 at least, as halves; and back. */
struct Scaling {
  int exponent;
  float up, further;  // one factor might overflow
  __device__ __forceinline__ explicit Scaling(uint32_t largest)
      : exponent(exponent_above(largest)), up(power_of_two(-exponent / 2)),
        further(power_of_two(-exponent - -exponent / 2)) {}
  __device__ __forceinline__ uint32_t halves(float low, float high) const {
    return to_halves(low * up * further, high * up * further);
  }
  __device__ __forceinline__ float back() const { return power_of_two(exponent); }
};

/* A tile has so many rows, and so many codes; both are padded with vectors of zeros to whole tiles. */
constexpr int SCREEN_SIDE = 128;
static_assert(SCREEN_SIDE == LargeTile::ROWS && SCREEN_SIDE == LargeTile::CODES);
inline int64_t whole_tiles(int64_t vectors) { return (vectors + SCREEN_SIDE - 1) / SCREEN_SIDE * SCREEN_SIDE; }

/* Halves are copied HALF_DIMS at a time, two in a word; a vector's are padded to a whole number of such pieces. */
constexpr int HALF_DIMS = 32, PIECE_WORDS = HALF_DIMS / 2;
inline int64_t padded_words(int64_t d) { return (d + HALF_DIMS - 1) / HALF_DIMS * PIECE_WORDS; }

/* The padded vectors; a kernel's parameter, for what lies there takes no registers. */
struct Halved {
  uint32_t words;          // a vector
  uint32_t *rows, *codes;  // (vectors, words), two halves a word; codes follow the rows
  Bound *row_bounds, *code_bounds;
  Slack slack;
};

constexpr int HALVE_LANES = 8;  // a vector's
constexpr int VECTORS_A_HALVE = FINISH_THREADS / HALVE_LANES;
static_assert(SCREEN_SIDE % VECTORS_A_HALVE == 0);

/* The sum, and the most, of the values of a vector's lanes, in all of them. */
__device__ __forceinline__ float sum_of_lanes(float value) {
#pragma unroll
  for (int step = HALVE_LANES / 2; step > 0; step /= 2) value += __shfl_xor_sync(ALL_LANES, value, step);
  return value;
}
__device__ __forceinline__ uint32_t most_of_lanes(uint32_t value) {
#pragma unroll
  for (int step = HALVE_LANES / 2; step > 0; step /= 2) {
    const uint32_t other = __shfl_xor_sync(ALL_LANES, value, step);
    value = other > value ? other : value;
  }
  return value;
}

/* All rows, then all codes; of a bank's virtual codes those that are kept, others as 0. */
template <bool bank>
__global__ void __launch_bounds__(FINISH_THREADS) halve(Search s, Halved halved) {
  const int64_t number = int64_t{blockIdx.x} * VECTORS_A_HALVE + threadIdx.x / HALVE_LANES;
  const int64_t code = number - (halved.code_bounds - halved.row_bounds);
  const float* vector = code < 0 ? s.rows + number * s.rows_stride : s.codes + code * s.codes_stride;
  const uint64_t* mask = nullptr;
  if constexpr (bank)
    if (code >= 0) vector = s.codes + s.code_of(uint32_t(code), mask) * s.codes_stride;
  const auto kept = [&](uint32_t i, float value) { return bank && mask && !mask_bit(mask, i) ? 0.0f : value; };
  const uint32_t d =
      (code < 0 ? number < s.n : code < s.k) ? uint32_t(s.d) : 0;  // of a vector of zeros nothing is read
  const uint32_t lane = threadIdx.x % HALVE_LANES;
  float square = 0;  // its order is covered by the slack
  uint32_t largest = 0;
#pragma unroll 4
  for (uint32_t i = lane; i < d; i += HALVE_LANES) {
    const float value = kept(i, vector[i]);
    square = __fmaf_rn(value, value, square);
    const uint32_t bits = __float_as_uint(value) & 0x7FFFFFFFu;
    largest = bits > largest ? bits : largest;
  }
  square = sum_of_lanes(square);
  const Scaling scaling(most_of_lanes(largest));
  uint32_t* to = halved.rows + number * halved.words;
  const bool pairs = reinterpret_cast<uintptr_t>(vector) % 8 == 0;
#pragma unroll 4
  for (uint32_t word = lane; word < halved.words; word += HALVE_LANES) {
    float low = 0, high = 0;
    if (pairs && 2 * word + 1 < d) {
      const float2 both = *reinterpret_cast<const float2*>(vector + 2 * word);
      low = kept(2 * word, both.x), high = kept(2 * word + 1, both.y);
    } else {
      if (2 * word < d) low = kept(2 * word, vector[2 * word]);
      if (2 * word + 1 < d) high = kept(2 * word + 1, vector[2 * word + 1]);
    }
    to[word] = scaling.halves(low, high);
  }
  const float norm = norm_above(square, s.d), wide = halved.slack.of_norm(norm);
  if (lane > 0) return;
  if (code < 0) halved.row_bounds[number] = {0, 2.002f * wide, norm, -2 * scaling.back()};
  else halved.row_bounds[number] = {square - wide, square + wide, norm, scaling.back()};
}

constexpr int M_TILES = 2, N_TILES = 8;  // 16 x 8 products of a warp; 4 x 2 warps are a tile
constexpr int SLOTS = 2 * M_TILES;       // a thread's rows

/* Begins the copies of a piece of a tile's vectors, 16 bytes each; `piece`: that of the first vector. */
__device__ __forceinline__ void begin_pieces(const uint32_t* piece, uint32_t words, uint32_t (*to)[PIECE_WORDS]) {
  const uint32_t v = threadIdx.x / 4, quarter = threadIdx.x % 4 * 4;
#pragma unroll
  for (uint32_t pass = 0; pass < SCREEN_SIDE * 4 / THREADS; ++pass)
    begin_copy_16(&to[pass * (THREADS / 4) + v][quarter], piece + pass * (THREADS / 4) * words + (v * words + quarter));
}

/* The warp's products of one piece. A lane's 16 bytes of a vector are its parts of two products: any order of the
 * dimensions will do that rows and codes share. Vectors of 16 words meet every bank once in 8 lanes. */
__device__ __forceinline__ void multiply_piece(const uint32_t (*rows)[PIECE_WORDS],
                                               const uint32_t (*codes)[PIECE_WORDS],
                                               float (&product)[M_TILES][N_TILES][4]) {
  const int lane = int(threadIdx.x) % WARP, warp = int(threadIdx.x) / WARP, g = lane / 4, t = lane % 4 * 4;
  const int first_row = warp % 4 * (M_TILES * 16), first_code = warp / 4 * (N_TILES * 8);
  uint4 a[M_TILES][2];
#pragma unroll
  for (int m = 0; m < M_TILES; ++m)
#pragma unroll
    for (int i = 0; i < 2; ++i) a[m][i] = *reinterpret_cast<const uint4*>(&rows[first_row + m * 16 + i * 8 + g][t]);
#pragma unroll
  for (int n = 0; n < N_TILES; ++n) {
    const uint4 b = *reinterpret_cast<const uint4*>(&codes[first_code + n * 8 + g][t]);
#pragma unroll
    for (int m = 0; m < M_TILES; ++m)
      multiply_add_halves(product[m][n], {a[m][0].x, a[m][1].x, a[m][0].y, a[m][1].y}, {b.x, b.y});
#pragma unroll
    for (int m = 0; m < M_TILES; ++m)
      multiply_add_halves(product[m][n], {a[m][0].z, a[m][1].z, a[m][0].w, a[m][1].w}, {b.z, b.w});
  }
}

/* The row in the tile of a thread's slot. */
__device__ __forceinline__ int row_of_slot(int slot) {
  const int lane = int(threadIdx.x) % WARP, warp = int(threadIdx.x) / WARP;
  return warp % 4 * (M_TILES * 16) + slot * 8 + lane / 4;
}

/* Calls body(products, code in the tile, its bound) for each of a thread's codes among the first `codes`, of products
 * from..to - 1 of its warp's N_TILES; body's are those with its 4 rows, by slot. */
template <class Body>
__device__ __forceinline__ void for_each_code(const Bound (&bounds)[SCREEN_SIDE], uint32_t codes, int from, int to,
                                              const float (&product)[M_TILES][N_TILES][4], Body body) {
  const int warp = int(threadIdx.x) / WARP, t = int(threadIdx.x) % 4;
#pragma unroll
  for (int n = 0; n < N_TILES; ++n)
#pragma unroll
    for (int column = 0; column < 2; ++column) {
      const uint32_t code = warp / 4 * (N_TILES * 8) + n * 8 + t * 2 + column;
      if (n < from || n >= to || code >= codes) continue;
      float products[SLOTS];
#pragma unroll
      for (int slot = 0; slot < SLOTS; ++slot) products[slot] = product[slot / 2][n][slot % 2 * 2 + column];
      body(products, code, bounds[code]);
    }
}

}  // namespace
}  // namespace mvq::cuda
