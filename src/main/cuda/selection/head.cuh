// The layers of a head for a block's hypotheses: weights come through shared memory in slabs, sums stay in registers.
// Each output is summed by one thread in ascending inputs: the order of mvq.h.
#pragma once
#define MVQ_TIER cuda
#include "selection/gelu.hpp"

#include "device/device.cuh"

namespace mvq::cuda {
namespace {

constexpr unsigned THREADS = 128;
constexpr int QUAD = 4;  // a thread's register tile: 4 neighbouring hypotheses by 4 outputs, COLUMNS apart
constexpr int SLAB = 8;  // inputs whose weights are in shared memory at a time

__device__ __forceinline__ float activated(const mvq_head& head, float x) {
  if (head.activation == MVQ_RELU) return x < 0 ? 0.0f : x;
  if (head.activation == MVQ_LEAKY_RELU) return x < 0 ? head.slope * x : x;
  return gelu(x);
}

/* A slab, (outputs of the block, SLAB inputs). A pitch of 12 words: the 4 or 8 neighbouring outputs whose vectors a
 * warp reads at once lie in different banks. */
template <int HYPS>
struct Slab {
  static constexpr int COLUMNS = THREADS / (HYPS / QUAD), OUTPUTS = COLUMNS * QUAD;
  static constexpr int PITCH = SLAB + 4, FLOATS = OUTPUTS * PITCH;
};

/* The row of a slab that is copied `number`-th: 0, 2, 4, 6, 1, 3, 5, 7 of each 8. At that pitch all banks are written
 * to at once, whether 4 bytes a lane or 16. */
__device__ __forceinline__ int row_of_copy(int number) { return (number & ~7) | (number & 3) << 1 | (number >> 2 & 1); }

/* Begins the copies of weights (first.., x..) of a layer, VECTOR at a time, into the first `rows` rows of a slab. What
 * is past the layer's outputs or inputs is 0; with VECTOR = 4 the inputs are whole vectors, aligned to their size. */
template <int HYPS, int VECTOR>
__device__ __forceinline__ void begin_vectors(const float* weight, int64_t inputs, int64_t outputs, int64_t first,
                                              int64_t x, int rows, float* slab) {
  constexpr int A_ROW = SLAB / VECTOR;
  for (int i = int(threadIdx.x); i < rows * A_ROW; i += THREADS) {
    const int row = row_of_copy(i / A_ROW), part = i % A_ROW * VECTOR;
    const bool wanted = x + part < inputs && first + row < outputs;
    float* to = slab + row * Slab<HYPS>::PITCH + part;
    const float* from = weight + (first + row) * inputs + x + part;
    if constexpr (VECTOR == 4) begin_copy_four(to, from, wanted);
    else begin_copy(to, from, wanted);
  }
}

/* Adds inputs 0..3 of a slab to the first LIVE outputs of the register tile. */
template <int HYPS, int LIVE>
__device__ __forceinline__ void add_four(const float* in, const float* slab, float (&sum)[QUAD][QUAD]) {
  float weights[LIVE][4];
#pragma unroll
  for (int o = 0; o < LIVE; ++o) {
    const float4 w = *reinterpret_cast<const float4*>(slab + o * Slab<HYPS>::COLUMNS * Slab<HYPS>::PITCH);
    weights[o][0] = w.x, weights[o][1] = w.y, weights[o][2] = w.z, weights[o][3] = w.w;
  }
#pragma unroll
  for (int i = 0; i < 4; ++i) {
    const float4 a = *reinterpret_cast<const float4*>(in + i * HYPS);
    const float inputs[QUAD] = {a.x, a.y, a.z, a.w};
#pragma unroll
    for (int o = 0; o < LIVE; ++o)
#pragma unroll
      for (int j = 0; j < QUAD; ++j) sum[o][j] = fmaf(weights[o][i], inputs[j], sum[o][j]);
  }
}

/* Adds the first `left` inputs of a slab, all where there are more. */
template <int HYPS, int LIVE>
__device__ __forceinline__ void add_slab(const float* in, const float* slab, int64_t left, float (&sum)[QUAD][QUAD]) {
  if (left >= SLAB) {
#pragma unroll 1  // twice as long it would take registers that there are not
    for (int i = 0; i < SLAB; i += 4) add_four<HYPS, LIVE>(in + i * HYPS, slab + i, sum);
    return;
  }
  for (int i = 0; i < left; ++i)
#pragma unroll
    for (int o = 0; o < LIVE; ++o)
#pragma unroll
      for (int j = 0; j < QUAD; ++j)
        sum[o][j] = fmaf(slab[o * Slab<HYPS>::COLUMNS * Slab<HYPS>::PITCH + i], in[i * HYPS + j], sum[o][j]);
}

/* Layer l for HYPS hypotheses: in (inputs, HYPS) -> out (outputs, HYPS). The barrier before each slab's use also orders
 * the writes of `in` before their reads. `stage`, of two, holds no slab that another thread may still read. */
template <int HYPS>
__device__ void dense(const mvq_head& head, int l, const float* in, float* out, float* slabs, int& stage) {
  using Room = Slab<HYPS>;
  const int64_t inputs = head.width[l], outputs = head.width[l + 1];
  const float *weight = head.weight[l], *bias = head.bias[l];
  const bool vectors = inputs % 4 == 0 && reinterpret_cast<uintptr_t>(weight) % 16 == 0;
  const int hyp = int(threadIdx.x) % (HYPS / QUAD) * QUAD, column = int(threadIdx.x) / (HYPS / QUAD);
  for (int64_t first = 0; first < outputs; first += Room::OUTPUTS) {
    const bool half = outputs - first <= Room::OUTPUTS / 2;  // of each thread's outputs there are two at most
    const int64_t output = first + column;
    float sum[QUAD][QUAD];
    for (int o = 0; o < QUAD; ++o) {
      const int64_t at = output + o * Room::COLUMNS;
      for (int j = 0; j < QUAD; ++j) sum[o][j] = bias && at < outputs ? bias[at] : 0.0f;
    }
    const auto begin_slab = [&](int64_t x, int to) {
      const int rows = half ? Room::OUTPUTS / 2 : Room::OUTPUTS;
      float* slab = slabs + to * Room::FLOATS;
      if (vectors) begin_vectors<HYPS, 4>(weight, inputs, outputs, first, x, rows, slab);
      else begin_vectors<HYPS, 1>(weight, inputs, outputs, first, x, rows, slab);
      end_copy_group();
    };
    begin_slab(0, stage);
    for (int64_t x = 0; x < inputs; x += SLAB, stage ^= 1) {
      wait_copies<0>();
      __syncthreads();
      if (x + SLAB < inputs) begin_slab(x + SLAB, stage ^ 1);
      const float* slab = slabs + stage * Room::FLOATS + column * Room::PITCH;
      const float* a = in + x * HYPS + hyp;
      if (half) add_slab<HYPS, 2>(a, slab, inputs - x, sum);
      else add_slab<HYPS, 4>(a, slab, inputs - x, sum);
    }
    for (int o = 0; o < QUAD; ++o) {
      const int64_t at = output + o * Room::COLUMNS;
      if (at >= outputs) break;
      if (l + 1 < head.layers)
        for (int j = 0; j < QUAD; ++j) sum[o][j] = activated(head, sum[o][j]);
      *reinterpret_cast<float4*>(out + at * HYPS + hyp) = {sum[o][0], sum[o][1], sum[o][2], sum[o][3]};
    }
  }
}

}  // namespace
}  // namespace mvq::cuda
