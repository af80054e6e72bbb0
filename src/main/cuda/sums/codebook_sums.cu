// Rows counted and summed by their code, the same bits as on the CPU: the rows are sorted by code with their order kept
// (a counting sort, one warp a chunk of rows), then each float of each code is summed in float64 by one thread.
#include "abi/workspace.hpp"
#include "device/device.cuh"
#include "rules.hpp"

namespace mvq::cuda {
namespace {

constexpr unsigned THREADS = 256;
constexpr int64_t CHUNK = 256, MOST_CHUNKS = 2048;
constexpr int AHEAD = 16;  // loads under way at once

struct Sorting {
  int64_t chunks, chunk;  // how many, and rows in each
  uint32_t* place;        // (chunks, k): rows of the chunk with a code, then where the next of them goes
  uint32_t* begin;        // (k): where the rows of a code begin in `order`
  uint32_t* order;        // (n): row numbers, by code and ascending within one
  uint32_t* taken;        // (1): places of `order` given out
  int64_t bytes;

  /* Chunks large enough that `place` needs no more room than 8 counts a row. */
  Sorting(const mvq_codebook_sums_args& args, void* base) {
    chunk = CHUNK;
    if (chunk < args.k / 8) chunk = args.k / 8;
    if (chunk < (args.n + MOST_CHUNKS - 1) / MOST_CHUNKS) chunk = (args.n + MOST_CHUNKS - 1) / MOST_CHUNKS;
    chunks = args.n ? (args.n + chunk - 1) / chunk : 1;
    Workspace workspace(base);
    place = workspace.take<uint32_t>(chunks, args.k);
    begin = workspace.take<uint32_t>(args.k);
    order = workspace.take<uint32_t>(args.n);
    taken = workspace.take<uint32_t>(1);
    bytes = workspace.bytes();
  }
};

/* A row's code; k where it has none, so that it counts nowhere. */
__device__ __forceinline__ uint32_t code_of(const int64_t* index, int64_t row, int64_t end, int64_t k) {
  const int64_t code = row < end ? index[row] : -1;
  return uint32_t(code >= 0 && code < k ? code : k);
}

/* Block b, one warp, counts the rows of chunk b by code. */
__global__ void __launch_bounds__(WARP)
    count_rows(const int64_t* index, int64_t n, int64_t k, int64_t chunk, uint32_t* place, uint32_t* taken) {
  const int lane = threadIdx.x;
  uint32_t* mine = place + blockIdx.x * k;
  for (int64_t code = lane; code < k; code += WARP) mine[code] = 0;
  if (blockIdx.x == 0 && lane == 0) *taken = 0;
  __syncwarp();
  const int64_t first = blockIdx.x * chunk, end = first + chunk < n ? first + chunk : n;
  for (int64_t row = first + lane; row < end; row += WARP) {
    const uint32_t code = code_of(index, row, end, k);
    if (code < k) atomicAdd(mine + code, 1u);
  }
}

/* A thread a code: its count, and where its rows go, chunk after chunk. Codes take their places in `order` as they
 * come: where a code's rows lie changes nothing, only their order does. */
__global__ void __launch_bounds__(THREADS)
    place_codes(int64_t chunks, int64_t k, uint32_t* place, uint32_t* begin, uint32_t* taken, int64_t* counts) {
  const int64_t code = int64_t{blockIdx.x} * THREADS + threadIdx.x;
  const int lane = threadIdx.x % WARP;
  uint32_t count = 0;
  if (code < k)
#pragma unroll 8
    for (int64_t c = 0; c < chunks; ++c) count += place[c * k + code];
  uint32_t through = count;  // counts of the warp's lanes up to this one
  for (int step = 1; step < WARP; step *= 2) {
    const uint32_t before = __shfl_up_sync(ALL_LANES, through, step);
    if (lane >= step) through += before;
  }
  uint32_t first = 0;
  if (lane == WARP - 1) first = atomicAdd(taken, through);
  uint32_t next = __shfl_sync(ALL_LANES, first, WARP - 1) + through - count;
  if (code >= k) return;
  counts[code] = count;
  begin[code] = next;
  for (int64_t first_chunk = 0; first_chunk < chunks; first_chunk += AHEAD) {
    uint32_t here[AHEAD];
#pragma unroll
    for (int a = 0; a < AHEAD; ++a) here[a] = first_chunk + a < chunks ? place[(first_chunk + a) * k + code] : 0;
#pragma unroll
    for (int a = 0; a < AHEAD; ++a) {
      if (first_chunk + a < chunks) place[(first_chunk + a) * k + code] = next;
      next += here[a];
    }
  }
}

/* The lanes whose code equals this lane's, by one vote for each of its bits. */
__device__ __forceinline__ uint32_t lanes_alike(uint32_t code, int bits) {
  uint32_t alike = ALL_LANES;
  for (int bit = 0; bit < bits; ++bit) {
    const uint32_t vote = __ballot_sync(ALL_LANES, code >> bit & 1);
    alike &= code >> bit & 1 ? vote : ~vote;
  }
  return alike;
}

/* Block b, one warp, writes the rows of chunk b to their places, 32 at a time. */
__global__ void __launch_bounds__(WARP)
    sort_rows(const int64_t* index, int64_t n, int64_t k, int64_t chunk, int bits, uint32_t* place, uint32_t* order) {
  const int lane = threadIdx.x;
  uint32_t* mine = place + blockIdx.x * k;
  const int64_t begin = blockIdx.x * chunk, end = begin + chunk < n ? begin + chunk : n;
  for (int64_t first = begin; first < end; first += WARP) {
    const uint32_t code = code_of(index, first + lane, end, k);
    const uint32_t alike = lanes_alike(code, bits), before = alike & ((1u << lane) - 1);
    const uint32_t next = code < k ? mine[code] : 0;
    __syncwarp();  // all have read their place before one lane of each code moves it
    if (code < k) {
      order[next + __popc(before)] = uint32_t(first + lane);
      if (before == 0) mine[code] = next + __popc(alike);
    }
    __syncwarp();
  }
}

/* A thread a float: code t / d, dimension t % d. Rows are added in ascending order; loads run ahead of the
 * additions. */
__global__ void __launch_bounds__(THREADS)
    sum_rows(const float* rows, int64_t stride, int64_t k, int64_t d, const uint32_t* begin, const uint32_t* order,
             const int64_t* counts, float* sums) {
  const int64_t place = int64_t{blockIdx.x} * THREADS + threadIdx.x;
  if (place >= k * d) return;
  const int64_t code = place / d, count = counts[code];
  const float* column = rows + place % d;
  const uint32_t* list = order + begin[code];
  double sum = 0;
  int64_t i = 0;
  for (; i + AHEAD <= count; i += AHEAD) {
    float value[AHEAD];
#pragma unroll
    for (int a = 0; a < AHEAD; ++a) value[a] = column[list[i + a] * stride];
#pragma unroll
    for (int a = 0; a < AHEAD; ++a) sum += double(value[a]);
  }
  for (; i < count; ++i) sum += double(column[list[i] * stride]);
  sums[place] = float(sum);
}

}  // namespace

int64_t codebook_sums_workspace_bytes(const mvq_codebook_sums_args& args) { return Sorting(args, nullptr).bytes; }

void codebook_sums(const mvq_codebook_sums_args& args, const Device& device, void* workspace) {
  const Sorting s(args, workspace);
  const auto run = [&](auto kernel, int64_t blocks, unsigned threads, auto... arguments) {
    launch(device, "codebook_sums", kernel, dim3(grid_size(blocks)), threads, 0, arguments...);
  };
  int bits = 1;
  while (args.k >> bits) ++bits;  // k itself stands for "no code"
  run(count_rows, s.chunks, WARP, args.index, args.n, args.k, s.chunk, s.place, s.taken);
  run(place_codes, (args.k + THREADS - 1) / THREADS, THREADS, s.chunks, args.k, s.place, s.begin, s.taken, args.counts);
  run(sort_rows, s.chunks, WARP, args.index, args.n, args.k, s.chunk, bits, s.place, s.order);
  run(sum_rows, (args.k * args.d + THREADS - 1) / THREADS, THREADS, args.rows, args.rows_stride, args.k, args.d,
      s.begin, s.order, args.counts, args.sums);
}

}  // namespace mvq::cuda
