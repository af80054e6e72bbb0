// Screening on tensor cores: which codes can be a row's nearest, from products in TF32 and bounds that hold for certain.
//
// With r >= |z| and s >= |e|, the distance less |z|^2 is |e|^2 - 2 z.e, and the float32 distance that the search is about
// lies within `bound` = a r s + b (r^2 + s^2) + tiny of |e|^2 - 2 p, p the tensor cores' product:
//   a: rounding to TF32 moves each factor by 2^-11 at most; each step of 8 adds 9 numbers, of which each may lose 2^-22 of
//      the largest (TF32 products are exact in float32, and sums keep single precision at least), and no partial sum
//      exceeds |z||e| in magnitude.
//   b: (d + 3) 2^-24 for the float32 sum itself, d 2^-24 for |e|^2, and some for these few lines.
//   tiny: what underflow can hide. Norms whose squares pass HUGE_SQUARE, and NaN, make the bound NaN, which excludes nothing.
// A code is a survivor unless its lower bound exceeds a row's least upper bound. Survivors are then ranked exactly.
#pragma once
#include "search_kernel.cuh"

namespace mvq::cuda {
namespace {

constexpr float HUGE_SQUARE = 1e37f;  // no distance overflows below

/* Of a code: its lower and upper bound are these less and plus (row's a r) * s, less 2 p. */
struct alignas(16) CodeBound {
  float lower, upper, s, unused;
};

struct Slack {
  float a, b, tiny;
  __device__ __forceinline__ explicit Slack(int d)
      : a(2.02f * (0x1p-10f + (float(d) / 8 + 2) * 10 * 0x1p-22f)), b((4 * float(d) + 64) * 0x1p-24f),
        tiny(float(d) * 0x1p-120f) {}
};

/* An upper bound of a norm from a float32 sum of squares; NaN where the square is huge or NaN. */
__device__ __forceinline__ float norm_above(float square, int d) {
  const float inside = square < HUGE_SQUARE ? square : __uint_as_float(0x7FC00000u);
  return 1.0001f * sqrtf(inside * (1 + float(d) * 0x1p-23f) + float(d) * 0x1p-125f);
}

/* The sum of squares of a vector, by a warp; its order is covered by the slack. */
__device__ __forceinline__ float square_of(const float* vector, int d) {
  float sum = 0;
  for (int i = int(threadIdx.x) % WARP; i < d; i += WARP) sum = __fmaf_rn(vector[i], vector[i], sum);
#pragma unroll
  for (int step = WARP / 2; step > 0; step /= 2) sum += __shfl_xor_sync(ALL_LANES, sum, step);
  return sum;
}

/* A warp a code. */
__global__ void __launch_bounds__(FINISH_THREADS) bound_codes(Search s, CodeBound* bounds) {
  const uint32_t code = blockIdx.x * ROWS_A_FINISH + threadIdx.x / WARP;
  if (code >= s.k) return;  // a whole warp
  const float square = square_of(s.codes + code * s.codes_stride, s.d), norm = norm_above(square, s.d);
  const Slack slack(s.d);
  const float wide = __fmaf_rn(slack.b, norm * norm, slack.tiny);
  if (threadIdx.x % WARP == 0) bounds[code] = {square - wide, square + wide, norm, 0.0f};
}

/* As Straight, for fragments: lane 4 g + t reads vector g of dimensions t and t + 4, and meets no bank twice. */
struct Swizzled {
  static constexpr int PAD = 8;
  static __device__ __forceinline__ int place(int dim, int v) { return v ^ (dim & 4); }
};

constexpr int SCREEN_ROWS = 128, SCREEN_CODES = 128;  // a tile of 8 warps, 4 x 2
constexpr int M_TILES = 2, N_TILES = 8;               // 16 x 8 products of a warp
constexpr int MOST_SURVIVORS = 32;                    // of a row; more, and the block is searched without screening
static_assert(SCREEN_ROWS == LargeTile::ROWS && SCREEN_CODES == LargeTile::CODES);

/* The warp's products of one step. */
__device__ __forceinline__ void multiply_step(const float (*rows)[SCREEN_ROWS + Swizzled::PAD],
                                              const float (*codes)[SCREEN_CODES + Swizzled::PAD],
                                              float (&product)[M_TILES][N_TILES][4]) {
  const int lane = int(threadIdx.x) % WARP, warp = int(threadIdx.x) / WARP, g = lane / 4, t = lane % 4;
  const int first_row = warp % 4 * (M_TILES * 16), first_code = warp / 4 * (N_TILES * 8);
  uint32_t a[M_TILES][4];
#pragma unroll
  for (int m = 0; m < M_TILES; ++m)
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      const int dim = t + i / 2 * 4;
      a[m][i] = to_tf32(rows[dim][Swizzled::place(dim, first_row + m * 16 + i % 2 * 8 + g)]);
    }
#pragma unroll
  for (int n = 0; n < N_TILES; ++n) {
    uint32_t b[2];
#pragma unroll
    for (int i = 0; i < 2; ++i) b[i] = to_tf32(codes[t + i * 4][Swizzled::place(t + i * 4, first_code + n * 8 + g)]);
#pragma unroll
    for (int m = 0; m < M_TILES; ++m) multiply_add_tf32(product[m][n], a[m], b);
  }
}

/* The row in the tile of a thread's slot. */
__device__ __forceinline__ int row_of_slot(int slot) {
  const int lane = int(threadIdx.x) % WARP, warp = int(threadIdx.x) / WARP;
  return warp % 4 * (M_TILES * 16) + slot * 8 + lane / 4;
}

/* Calls body(slot, product, code, its bound) for each product of a thread; a thread has 4 rows, slot 0..3. */
template <class Body>
__device__ __forceinline__ void for_each_product(const Search& s, const CodeBound* bounds, uint32_t first_code,
                                                 const float (&product)[M_TILES][N_TILES][4], Body body) {
  const int warp = int(threadIdx.x) / WARP, t = int(threadIdx.x) % 4;
#pragma unroll
  for (int n = 0; n < N_TILES; ++n)
#pragma unroll
    for (int column = 0; column < 2; ++column) {
      const uint32_t code = first_code + warp / 4 * (N_TILES * 8) + n * 8 + t * 2 + column;
      if (code >= s.k) continue;
      const CodeBound bound = bounds[code];
#pragma unroll
      for (int slot = 0; slot < 2 * M_TILES; ++slot) body(slot, product[slot / 2][n][slot % 2 * 2 + column], code, bound);
    }
}

}  // namespace
}  // namespace mvq::cuda
