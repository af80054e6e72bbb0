// The dropout masks of MH-Dropout: a thread a mask word, drawn by rules.hpp.
#include "device/device.cuh"
#include "rules.hpp"

namespace mvq::cuda {
namespace {

constexpr unsigned THREADS = 256;

/* Word `place` of masks (rows, h, words). The grid strides over all of them. */
__global__ void __launch_bounds__(THREADS) draw_dropout_masks(uint64_t* masks, int64_t total, int64_t h, int64_t words,
                                                              int64_t c, uint64_t seed, int64_t first_row, uint32_t q) {
  const int64_t step = int64_t{gridDim.x} * THREADS;
  for (int64_t place = int64_t{blockIdx.x} * THREADS + threadIdx.x; place < total; place += step) {
    const int64_t mask = place / words, word = place % words;
    masks[place] = dropout_mask_word(seed, uint64_t(first_row) + uint64_t(mask / h), uint32_t(mask % h), word, q) &
                   mask_word_valid(c, word);
  }
}

}  // namespace

int64_t dropout_masks_workspace_bytes(const mvq_dropout_masks_args&) { return 0; }

void dropout_masks(const mvq_dropout_masks_args& args, const Device& device, void*) {
  const int64_t words = mask_words(args.c), total = args.n * args.h * words;
  if (total == 0) return;
  const int64_t blocks = (total + THREADS - 1) / THREADS;
  const int64_t resident = resident_blocks(device, "dropout_masks", draw_dropout_masks, THREADS, 0);
  launch(device, "dropout_masks", draw_dropout_masks, dim3(grid_size(blocks < resident ? blocks : resident)), THREADS,
         0, args.masks, total, args.h, words, args.c, args.dropout.seed, args.dropout.first_row,
         keep_in_65536ths(args.dropout.keep));
}

}  // namespace mvq::cuda
