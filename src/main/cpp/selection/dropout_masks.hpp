// The dropout masks of MH-Dropout, W hypotheses at a time; rules.hpp says the same for one mask.
#pragma once
#include "abi/threads.hpp"
#include "abi/tier.hpp"
#include "simd/pack.hpp"

namespace mvq::MVQ_TIER {
namespace {

MVQ_INLINE void philox_lanes(vi x[4], uint64_t key) {
  uint32_t k0 = uint32_t(key), k1 = uint32_t(key >> 32);
  for (int round = 0; round < PHILOX_ROUNDS; ++round, k0 += PHILOX_W0, k1 += PHILOX_W1) {
    vi low0, high0, low1, high1;
    multiply_wide(x[0], PHILOX_M0, low0, high0);
    multiply_wide(x[2], PHILOX_M1, low1, high1);
    x[0] = high1 ^ x[1] ^ broadcast_int(int32_t(k0));
    x[2] = high0 ^ x[3] ^ broadcast_int(int32_t(k1));
    x[1] = low1;
    x[3] = low0;
  }
}

/* Mask words 2 * pair and 2 * pair + 1 of W hypotheses: bits 0..31, 32..63, 64..95 and 96..127 of the pair. */
MVQ_INLINE void draw_lanes(uint64_t seed, uint64_t row, vi hypotheses, int64_t pair, uint32_t q, vi bits[4]) {
  for (int half = 0; half < 4; ++half) bits[half] = broadcast_int(q >= KEEP_ALL ? -1 : 0);
  if (q == 0 || q >= KEEP_ALL) return;
  for (int plane = last_plane(q); plane >= 0; --plane) {
    vi x[4] = {broadcast_int(int32_t(16 * pair + plane)), hypotheses, broadcast_int(int32_t(row)),
               broadcast_int(int32_t(row >> 32))};
    philox_lanes(x, seed);
    const bool one = (q >> (15 - plane)) & 1;
    for (int half = 0; half < 4; ++half) bits[half] = one ? x[half] | bits[half] : x[half] & bits[half];
  }
}

/* The masks of one row and W hypotheses -> masks (W, mask_words(c)), of which `count` exist. */
void draw_masks(const mvq_dropout_masks_args& args, uint64_t row, int64_t hypothesis, int64_t count, uint64_t* masks) {
  const uint32_t q = keep_in_65536ths(args.dropout.keep);
  const int64_t words = mask_words(args.c);
  for (int64_t pair = 0; 2 * pair < words; ++pair) {
    vi bits[4];
    draw_lanes(args.dropout.seed, row, broadcast_int(int32_t(hypothesis)) + lane_numbers(), pair, q, bits);
    uint32_t each[4][W];
    for (int half = 0; half < 4; ++half) store_int(each[half], bits[half]);
    for (int64_t word = 2 * pair; word < smaller(words, 2 * pair + 2); ++word)
      for (int64_t lane = 0; lane < count; ++lane)
        masks[lane * words + word] =
            (each[word % 2 * 2][lane] | uint64_t{each[word % 2 * 2 + 1][lane]} << 32) & mask_word_valid(args.c, word);
  }
}

int64_t workspace_bytes(const mvq_dropout_masks_args&, int) { return 0; }

void dropout_masks(const mvq_dropout_masks_args& args, int threads, void*) {
  constexpr int64_t HYPOTHESES_A_TASK = 1024;
  constexpr double FLOPS_A_WORD = 100;  // about; only to judge how many threads are worth waking
  const int64_t words = mask_words(args.c), tasks_a_row = round_up(args.h, HYPOTHESES_A_TASK) / HYPOTHESES_A_TASK;
  threads = worthwhile(threads, FLOPS_A_WORD * args.n * args.h * words);
  for_each_task(threads, args.n * tasks_a_row, [&](int64_t task, int) {
    const int64_t row = task / tasks_a_row, begin = task % tasks_a_row * HYPOTHESES_A_TASK;
    for (int64_t h = begin; h < smaller(args.h, begin + HYPOTHESES_A_TASK); h += W)
      draw_masks(args, uint64_t(args.dropout.first_row) + uint64_t(row), h, smaller(W, args.h - h),
                 args.masks + (row * args.h + h) * words);
  });
}

}  // namespace
}  // namespace mvq::MVQ_TIER
