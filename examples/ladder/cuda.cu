// Rung 4: as CUDA. A thread is a row; a block shares a tile of codes, so that what one thread has fetched serves all of
// them. nvcc compiles this text for a GPU; here tests/cpp/simt runs it, every thread as a fiber:
// see device.cuh for the seam.
#include "device/device.cuh"
#include "ladder.hpp"

namespace ladder {
namespace {

using mvq::cuda::Device;
constexpr int THREADS = 64, CODES = 8, DIMENSIONS = 32;

__global__ void nearest(Question ask, int64_t* index) {
  SHARED_ARRAY(float, tile, [CODES][DIMENSIONS]);
  const int64_t row = int64_t{blockIdx.x} * THREADS + threadIdx.x;
  const float* z = ask.rows + (row < ask.n ? row : ask.n - 1) * ask.d;  // all threads must come to every barrier
  float best = 0;
  int64_t winner = -1;
  for (int64_t first = 0; first < ask.k; first += CODES) {
    float sum[CODES] = {};
    for (int64_t begin = 0; begin < ask.d; begin += DIMENSIONS) {
      for (int at = threadIdx.x; at < CODES * DIMENSIONS; at += THREADS) {
        const int64_t code = first + at / DIMENSIONS, x = begin + at % DIMENSIONS;
        tile[at / DIMENSIONS][at % DIMENSIONS] = code < ask.k && x < ask.d ? ask.codes[code * ask.d + x] : 0;
      }
      __syncthreads();  // the tile is full
      for (int64_t x = begin; x < begin + DIMENSIONS && x < ask.d; ++x)
        for (int c = 0; c < CODES; ++c) {
          const float t = z[x] - tile[c][x - begin];
          sum[c] += t * t;
        }
      __syncthreads();  // and may be overwritten
    }
    for (int c = 0; c < CODES && first + c < ask.k; ++c)
      if (winner < 0 || sum[c] < best) best = sum[c], winner = first + c;
  }
  if (row < ask.n) index[row] = winner;
}

}  // namespace

void cuda(const Question& ask, int64_t* index) {
  const unsigned blocks = unsigned((ask.n + THREADS - 1) / THREADS);
  if (blocks) mvq::cuda::launch(Device{0, nullptr}, "ladder", nearest, dim3(blocks), THREADS, 0, ask, index);
}

}  // namespace ladder
