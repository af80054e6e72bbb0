// Winner-takes-all over the hypotheses of MH-Dropout: a block takes HYPS hypotheses of a row through the whole head,
// the activations in shared memory, and writes their losses; then a warp picks the best of each winner's place. Each
// output is summed by one thread in ascending inputs, each loss by one thread in ascending outputs: the order of mvq.h.
#include "abi/workspace.hpp"
#include "rules.hpp"
#include "selection/head.cuh"

namespace mvq::cuda {
namespace {

constexpr int ROOM = 4096;  // floats of one layer's activations in shared memory: 32 x 128 or 16 x 256
constexpr int WIDE_HYPS = 32, WIDE_BLOCKS = 256;  // heads too wide for that keep activations in the workspace
constexpr int PIECE = 16;                         // channels of a mask that one thread applies

struct Shape {
  int64_t winners, run, widest, tiles;
  int hyps;       // a block
  bool wide;      // activations in the workspace
  float* losses;  // (n, winners, h)
  float* rooms;   // (WIDE_BLOCKS, 2, widest, WIDE_HYPS), for wide heads
  int64_t bytes;

  Shape(const mvq_select_hypothesis_args& args, void* base) {
    const int64_t outputs = args.head.width[args.head.layers];
    winners = args.winner_per_token ? args.p * (outputs / args.d) : 1;
    run = args.winner_per_token ? args.d : args.p * outputs;
    widest = 0;
    for (int l = 0; l <= args.head.layers; ++l)
      if (args.head.width[l] > widest) widest = args.head.width[l];
    wide = widest * 16 > ROOM;
    hyps = wide || widest * 32 <= ROOM ? 32 : 16;
    tiles = (args.h + hyps - 1) / hyps;
    Workspace workspace(base);
    losses = workspace.take<float>(args.n, winners, args.h);
    rooms = wide ? workspace.take<float>(WIDE_BLOCKS * 2, widest, WIDE_HYPS) : nullptr;
    bytes = workspace.bytes();
  }
};

/* Mask word `word` of hypothesis j of a row, given or drawn; bits past the end mean nothing. None is left past h. */
__device__ __forceinline__ uint64_t mask_word(const mvq_select_hypothesis_args& args, int64_t row, int64_t j,
                                              int64_t word) {
  if (j >= args.h) return 0;
  if (args.masks) return args.masks[(row * args.h + j) * mask_words(args.c) + word];
  return dropout_mask_word(args.dropout.seed, uint64_t(args.dropout.first_row) + uint64_t(row), uint32_t(j), word,
                           keep_in_65536ths(args.dropout.keep));
}

/* The latents of a position under the masks of hypotheses first.. -> in (width[0], HYPS); a dropped input is 0. */
template <int HYPS>
__device__ void mask_latents(const mvq_select_hypothesis_args& args, int64_t row, int64_t first, const float* latents,
                             float* in) {
  const int hyp = threadIdx.x % HYPS;
  for (int64_t begin = threadIdx.x / HYPS * PIECE; begin < args.c; begin += THREADS / HYPS * PIECE) {
    const uint64_t word = mask_word(args, row, first + hyp, begin / 64) >> (begin % 64);
    const int channels = args.c - begin < PIECE ? int(args.c - begin) : PIECE;
    for (int64_t again = begin; again < args.head.width[0]; again += args.c)
      for (int i = 0; i < channels; ++i) in[(again + i) * HYPS + hyp] = word >> i & 1 ? latents[again + i] : 0.0f;
  }
}

/* What a hypothesis' loss has come to. */
struct Loss {
  float sum = 0;
  int64_t seen = 0, winner = 0;
};

/* Adds one position's outputs (outputs, HYPS) to a hypothesis' loss, and writes those that are complete. */
template <int HYPS>
__device__ void score(const mvq_select_hypothesis_args& args, int64_t at, int64_t run, const float* outputs, Loss& loss,
                      float* losses) {
  const int64_t count = args.head.width[args.head.layers];
  for (int64_t o = 0; o < count; ++o) {
    const float error = (args.base[at + o] + outputs[o * HYPS]) - args.target[at + o];
    loss.sum = fmaf(error, error, loss.sum);
    if (++loss.seen < run) continue;
    losses[loss.winner++ * args.h] = loss.sum / float(run);
    loss.sum = 0, loss.seen = 0;
  }
}

/* A block takes tile after tile of HYPS hypotheses of one row. */
template <int HYPS, bool WIDE>
__global__ void __launch_bounds__(THREADS, 4) hypothesis_losses(mvq_select_hypothesis_args args, Shape shape) {
  SHARED_ARRAY(float, shared_rooms, [WIDE ? 4 : 2 * ROOM]);
  SHARED_ARRAY(float, slabs, [2 * Slab<HYPS>::FLOATS]);
  const int64_t room = WIDE ? shape.widest * HYPS : ROOM;
  float* const rooms = WIDE ? shape.rooms + blockIdx.x * 2 * room : shared_rooms;
  int stage = 0;
  const mvq_head& head = args.head;
  for (int64_t task = blockIdx.x; task < args.n * shape.tiles; task += gridDim.x) {
    const int64_t row = task / shape.tiles, first = task % shape.tiles * HYPS;
    const bool scores = threadIdx.x < HYPS && first + threadIdx.x < args.h;
    float* losses = shape.losses + row * shape.winners * args.h + first + threadIdx.x;
    Loss loss;
    for (int64_t position = row * args.p; position < (row + 1) * args.p; ++position) {
      mask_latents<HYPS>(args, row, first, args.latents + position * head.width[0], rooms);
      for (int l = 0; l < head.layers; ++l)
        dense<HYPS>(head, l, rooms + l % 2 * room, rooms + (l + 1) % 2 * room, slabs, stage);
      __syncthreads();
      const float* outputs = rooms + head.layers % 2 * room + threadIdx.x;
      if (scores) score<HYPS>(args, position * head.width[head.layers], shape.run, outputs, loss, losses);
      __syncthreads();  // scored: the rooms may be written again
    }
  }
}

/* One warp a winner's place: the `top` best losses, each the first that comes after the one before. */
__global__ void __launch_bounds__(WARP) pick_best(mvq_select_hypothesis_args args, Shape shape) {
  const int64_t place = blockIdx.x, row = place / shape.winners, words = mask_words(args.c);
  const int lane = threadIdx.x;
  const float* losses = shape.losses + place * args.h;
  float last = -1;  // below every loss
  int64_t last_index = -1;
  for (int64_t entry = place * args.top; entry < (place + 1) * args.top; ++entry) {
    float best = __builtin_inff();
    int64_t index = args.h;  // nothing yet: after every hypothesis, also one whose loss is +inf
    for (int64_t j = lane; j < args.h; j += WARP) {
      const float value = losses[j];
      if (comes_before(last, last_index, value, j) && comes_before(value, j, best, index)) best = value, index = j;
    }
    for (int step = WARP / 2; step > 0; step /= 2) {
      const float other = __shfl_xor_sync(ALL_LANES, best, step);
      const int64_t other_index = __shfl_xor_sync(ALL_LANES, index, step);
      if (comes_before(other, other_index, best, index)) best = other, index = other_index;
    }
    last = best, last_index = index;
    const bool found = index < args.h;
    if (lane == 0) {
      args.index[entry] = found ? index : -1;
      if (args.loss) args.loss[entry] = best;
    }
    if (!args.winner_masks) continue;
    for (int64_t word = lane; word < words; word += WARP)
      args.winner_masks[entry * words + word] =
          found ? mask_word(args, row, index, word) & mask_word_valid(args.c, word) : 0;
  }
}

}  // namespace

int64_t select_hypothesis_workspace_bytes(const mvq_select_hypothesis_args& args) { return Shape(args, nullptr).bytes; }

void select_hypothesis(const mvq_select_hypothesis_args& args, const Device& device, void* workspace) {
  const Shape shape(args, workspace);
  const int64_t tasks = args.n * shape.tiles;
  if (tasks == 0) return;
  const auto run = [&](auto kernel, int64_t blocks, unsigned threads) {
    launch(device, "select_hypothesis", kernel, dim3(grid_size(blocks)), threads, 0, args, shape);
  };
  if (shape.wide) run(hypothesis_losses<WIDE_HYPS, true>, tasks < WIDE_BLOCKS ? tasks : WIDE_BLOCKS, THREADS);
  else if (shape.hyps == 32) run(hypothesis_losses<32, false>, tasks, THREADS);
  else run(hypothesis_losses<16, false>, tasks, THREADS);
  run(pick_best, args.n * shape.winners, WARP);
}

}  // namespace mvq::cuda
