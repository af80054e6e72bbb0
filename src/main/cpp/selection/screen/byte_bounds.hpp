// Bounds from below and above for the loss of each hypothesis of a row, from a head in bytes (byte_head.hpp).
//
// A hypothesis's loss is |t|^2 / outputs, t its errors in the float32 order of mvq.h. Screening finds t' in fixed
// point, and by the triangle inequality
//   | |t| - |t'| | <= |t - t'| <= norm * |x - x'| + rest_size * |x'| + dropped + rounding
//   x, x'             the activations, exact and as halves of two bytes
//   norm, rest_size   of the last layer, see ByteHead
//   dropped           the products of low bytes with low bytes less their middle, 63.5: (low_size + rest_size) * 63.5 *
//                     sqrt(hidden) at most
//   rounding          that of the float32 sums, here and in the exact loss, by Wilkinson's k u / (1 - k u)
#pragma once
#include "selection/screen/byte_row.hpp"
#include "selection/screen/hypothesis_block.hpp"
#if defined(MVQ_SCREEN_IN_BYTES)

namespace mvq::MVQ_TIER {
namespace {

/* The masks as bytes: HIGH against a half's high byte, 1 against its low one. -> how many channels each keeps. */
MVQ_INLINE void spread_masks(const ByteHead& head, const uint64_t* masks, uint8_t* bytes, int32_t* kept) {
  const int64_t words = mask_words(head.c);
  const __m512i high = _mm512_set1_epi8(char(HIGH)), one = _mm512_set1_epi8(1);
  if (head.chunk == 32) {
    const __m512i both = _mm512_mask_mov_epi8(one, 0xFFFFFFFF, high);
    const uint64_t valid = mask_word_valid(head.c, 0);
#pragma GCC unroll 4
    for (int j = 0; j < BLOCK; ++j) {
      const uint64_t mask = masks[j] & valid;
      kept[j] = __builtin_popcountll(mask);
      _mm512_storeu_si512(bytes + j * 64, _mm512_maskz_mov_epi8(mask | mask << 32, both));
    }
    return;
  }
  for (int j = 0; j < BLOCK; ++j, bytes += head.depth, masks += words) {
    kept[j] = 0;
    for (int64_t word = 0; word < words; ++word) {
      const uint64_t mask = masks[word] & mask_word_valid(head.c, word);
      kept[j] += __builtin_popcountll(mask);
      _mm512_storeu_si512(bytes + word * 128, _mm512_maskz_mov_epi8(mask, high));
      _mm512_storeu_si512(bytes + word * 128 + 64, _mm512_maskz_mov_epi8(mask, one));
    }
  }
}

/* Splits UNITS activations of hypotheses begin..end - 1 into bytes, and sums the squares of the high ones. */
MVQ_INLINE void score_units(const ByteHead& head, const ScreenRoom& room, int64_t units, int64_t begin, int64_t end) {
  const __m512i shift = _mm512_set1_epi32(room.shift), zero = _mm512_setzero_si512(), low = _mm512_set1_epi16(127);
  const int32_t* sums = room.sums + begin % W * UNITS;
  for (int64_t j = begin; j < end; ++j, sums += UNITS) {
    int32_t* size = room.totals + (BLOCK + j) * W;
    vi squares = load_int(size);
    __m512i highs[2], lows[2];
#pragma GCC unroll 2
    for (int s = 0; s < 2; ++s) {
      const __m512i a = _mm512_srav_epi32(_mm512_loadu_si512(sums + 2 * s * W), shift);
      const __m512i b = _mm512_srav_epi32(_mm512_loadu_si512(sums + (2 * s + 1) * W), shift);
      const __m512i x = _mm512_max_epi16(_mm512_packs_epi32(a, b), zero);
      highs[s] = _mm512_srli_epi16(x, 7);
      lows[s] = _mm512_and_si512(x, low);
      add_dot_halves(squares, vi(highs[s]), vi(highs[s]));
    }
    store_int(size, squares);
    uint8_t* bytes = room.active + j * head.units + units;
    _mm512_storeu_si512(bytes, _mm512_packus_epi16(highs[0], highs[1]));
    _mm512_storeu_si512(bytes + BLOCK * head.units, _mm512_packus_epi16(lows[0], lows[1]));
  }
}

/* Adds up the squared errors of 16 outputs of hypotheses begin..end - 1. */
MVQ_INLINE void score_outputs(const ByteHead& head, const ScreenRoom& room, int64_t outputs, int64_t begin,
                              int64_t end) {
  const vf error = load(room.error + outputs);
  const vf high = load(room.error + head.wide + outputs), cross = load(room.error + 2 * head.wide + outputs);
  float* totals = reinterpret_cast<float*>(room.totals) + begin * W;
  const int32_t* sums = room.sums + begin * 2 * W;
  for (int64_t j = begin; j < end; ++j, totals += W, sums += 2 * W) {
    const vf t = fma(to_float(load_int(sums)), high, fma(to_float(load_int(sums + W)), cross, error));
    store(totals, fma(t, t, load(totals)));
  }
}

/* least, most (BLOCK): the roots of outputs times the losses of hypotheses first.. of the prepared row lie between. */
MVQ_NOINLINE void bound_block(const mvq_select_hypothesis_args& args, const ByteHead& head, int64_t row, int64_t first,
                              ScreenRoom& room, float* least, float* most) {
  alignas(64) int32_t kept[BLOCK];
  spread_masks(head, block_masks(args, row, first, room.masks), room.kept, kept);
  __builtin_memset(room.totals, 0, 2 * BLOCK * W * 4);
  for (int64_t step = 0, steps = head.units / UNITS * 2; step <= steps; ++step) {
    int64_t j = (step - 1) % 2 * W;
    const auto score = [&](int64_t done, int64_t all) {
      const int64_t begin = j, end = (step - 1) % 2 * W + done * W / all;
      if (step > 0) score_units(head, room, (step - 1) / 2 * UNITS, begin, j = end);
    };
    const int64_t o = step / 2 * UNITS;
    if (step == steps) score(1, 1);
    else
      multiply_bytes<4>(room.kept + step % 2 * W * head.depth, room.first + o * head.depth, head.depth, room.start + o,
                        room.sums, score);
  }
  for (int64_t o = 0; o <= head.wide; o += W) {
    int64_t j = 0;
    const auto score = [&](int64_t done, int64_t all) {
      const int64_t begin = j, end = done * BLOCK / all;
      if (o > 0) score_outputs(head, room, o - W, begin, j = end);
    };
    if (o == head.wide) score(1, 1);
    else
      multiply_halves(room.active, head.high + o * head.units, head.low + o * head.units, head.units, room.sums, score);
  }
  const float gross = float(head.hidden + 24) * ULP * head.size, root_hidden = __builtin_sqrtf(float(head.hidden));
  const vf norm = broadcast((head.norm + gross) * room.step), rest = broadcast((head.rest_size + gross) * room.step);
  const vf slack = broadcast(float(head.outputs + 64) * ULP);
  for (int j = 0; j < BLOCK; j += W) {
    const auto plus = [](auto a, auto b) { return a + b; };
    const vf found = root(sums_of_lanes(reinterpret_cast<const vf*>(room.totals) + j, plus));
    const vf squares = to_float(sums_of_lanes(reinterpret_cast<const vi*>(room.totals) + BLOCK + j, plus));
    const vf size =
        (root(squares) + broadcast(root_hidden)) * broadcast(128);  // a half is below 128 * (its high byte + 1)
    const vf hidden = fma(broadcast(room.a_channel), to_float(load_int(kept + j)), broadcast(room.fixed));
    vf error = fma(norm, hidden, fma(rest, size, broadcast(room.rounding)));
    error = fma(slack, found, error * broadcast(1 + 1e-5f));
    store(least + j, found - error);
    store(most + j, found + error);
  }
}

}  // namespace
}  // namespace mvq::MVQ_TIER
#endif
