// Bounds from below and above for the loss of each hypothesis of a row, from a head in bytes (byte_head.hpp).
//
// A hypothesis's loss is |t|^2 / outputs, t its errors in the float32 order of mvq.h. Screening finds t' in fixed point, and
// by the triangle inequality | |t| - |t'| | <= |t - t'| <= norm * |x - x'| + rest_size * |x'| + dropped + rounding, where
//   x, x'             the activations, exact and as halves of two bytes
//   norm, rest_size   of the last layer, see ByteHead
//   dropped           the products of low bytes with low bytes less their middle: low_size * 63.5 * sqrt(units) at most
//   rounding          that of the float32 sums, here and in the exact loss, by Wilkinson's k u / (1 - k u)
#pragma once
#include "byte_head.hpp"
#include "dropout_masks.hpp"
#if defined(MVQ_SIMD_VNNI)

namespace mvq::MVQ_TIER {
namespace {

constexpr float ULP = 0x1p-24f;  // half a unit in the last place of 1

/* A worker's room, and what holds for all hypotheses of its row. */
struct ScreenRoom {
  float* latents;      // (c padded to 4) over the largest
  int8_t* first;       // the first layer times the latents, packed (units / 16, depth / 4, 16, 4)
  int32_t* start;      // (units) its bias
  int32_t* reach;      // (units): the sums of a unit's positive halves
  float* error;        // (3, wide): base + last bias - target + what the middles add; scale of high and of other products
  uint64_t* masks;     // (BLOCK, mask words)
  uint8_t* kept;       // (BLOCK, depth)
  uint8_t* active;     // (2, BLOCK, units): high and low bytes
  int32_t* sums;       // (16, UNITS) or (BLOCK, 2, 16): of a product
  int32_t* totals;     // (2, BLOCK, W): of errors squared (float), of high bytes squared
  int shift;           // an activation's half is its sum >> shift
  float step;          // what 1 of it stands for, in units of ByteHead
  float fixed, a_channel, rounding;  // |x - x'| <= fixed + a_channel * channels kept; see above
};

ScreenRoom take_screen_room(Workspace& workspace, const ByteHead& head, int threads) {
  return {workspace.take<float>(threads, round_up(head.c, 4)),
          workspace.take<int8_t>(threads, head.units, head.depth),
          workspace.take<int32_t>(threads, head.units),
          workspace.take<int32_t>(threads, head.units),
          workspace.take<float>(threads, 3, head.wide),
          workspace.take<uint64_t>(threads, BLOCK, mask_words(head.c)),
          workspace.take<uint8_t>(threads, BLOCK, head.depth),
          workspace.take<uint8_t>(threads, 2 * BLOCK, head.units),
          workspace.take<int32_t>(threads, BLOCK, 2 * W),
          workspace.take<int32_t>(threads, 2 * BLOCK, W),
          0, 0, 0, 0, 0};
}

ScreenRoom worker_room(const ScreenRoom& first, const ByteHead& head, int64_t worker) {
  ScreenRoom room = first;
  room.latents += worker * round_up(head.c, 4);
  room.first += worker * head.units * head.depth;
  room.start += worker * head.units;
  room.reach += worker * head.units;
  room.error += worker * 3 * head.wide;
  room.masks += worker * BLOCK * mask_words(head.c);
  room.kept += worker * BLOCK * head.depth;
  room.active += worker * 2 * BLOCK * head.units;
  room.sums += worker * BLOCK * 2 * W;
  room.totals += worker * 2 * BLOCK * W;
  return room;
}

/* Sums of neighbours of two vectors whose lanes hold 2 partial sums a unit, as pack_first orders them -> 16 units. */
MVQ_INLINE __m512i join_units(vi a, vi b) {
  const __m512 x = __m512(a), y = __m512(b);
  return _mm512_add_epi32(__m512i(_mm512_shuffle_ps(x, y, 0x88)), __m512i(_mm512_shuffle_ps(x, y, 0xDD)));
}

/* 16 units of the first layer times the row's latents, in halves split into two bytes. */
MVQ_INLINE void scale_units(const ByteHead& head, ScreenRoom& room, int64_t units) {
  const int64_t quads = (head.c + 3) / 4, chunk_quads = head.chunk / 4;
  const float* weight = head.first + units * quads * 4;
  int8_t* packed = room.first + units * head.depth;
  const __m512i zero = _mm512_setzero_si512(), split = _mm512_set1_epi16(140), high = _mm512_set1_epi16(HIGH);
  const vi ones = vi(_mm512_set1_epi16(1));
  vi positive[2] = {};
  for (int64_t quad = 0; quad < quads; ++quad, weight += 4 * W) {
    const __m512 latents = _mm512_broadcast_f32x4(_mm_loadu_ps(room.latents + 4 * quad));
    __m512i v[4], halves[2], highs[2];
    for (int t = 0; t < 4; ++t) v[t] = _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_loadu_ps(weight + t * W), latents));
    for (int s = 0; s < 2; ++s) {
      halves[s] = _mm512_packs_epi32(v[2 * s], v[2 * s + 1]);
      add_dot_halves(positive[s], vi(_mm512_max_epi16(halves[s], zero)), ones);
      highs[s] = _mm512_mulhrs_epi16(halves[s], split);  // about halves / HIGH: 140 / 2^15 is 1 / 234.06
      halves[s] = _mm512_sub_epi16(halves[s], _mm512_mullo_epi16(highs[s], high));
    }
    int8_t* row = packed + (quad / chunk_quads * 2 * chunk_quads + quad % chunk_quads) * PACKED_BYTES;
    _mm512_storeu_si512(row, _mm512_packs_epi16(highs[0], highs[1]));
    _mm512_storeu_si512(row + chunk_quads * PACKED_BYTES, _mm512_packs_epi16(halves[0], halves[1]));
  }
  _mm512_storeu_si512(room.reach + units, join_units(positive[0], positive[1]));
}

/* Makes the room ready for a row; false where its numbers cannot be bounded. */
MVQ_NOINLINE bool prepare_row(const mvq_select_hypothesis_args& args, const ByteHead& head, int64_t row, ScreenRoom& room) {
  const float *latents = args.latents + row * head.c, *base = args.base + row * head.outputs,
              *target = args.target + row * head.outputs, *bias = args.head.bias[1];
  const float most = largest(latents, head.c);
  if (!screenable(most) || !bounded(largest(base, head.outputs)) || !bounded(largest(target, head.outputs))) return false;
  for (int64_t i = 0; i < round_up(head.c, 4); ++i) room.latents[i] = i < head.c ? latents[i] / most : 0;
  for (int64_t o = 0; o < head.units; o += W) scale_units(head, room, o);

  // the bias in halves, and the largest that an activation can be
  const __m512 inverse = _mm512_set1_ps(1 / most);
  __m512 farthest = _mm512_setzero_ps();
  __m512i top = _mm512_set1_epi32(1);
  for (int64_t o = 0; o < head.units; o += W) {
    const __m512 offset = _mm512_mul_ps(_mm512_loadu_ps(head.bias + o), inverse);
    farthest = _mm512_max_ps(farthest, _mm512_abs_ps(offset));
    const __m512i start = _mm512_cvtps_epi32(offset);
    _mm512_storeu_si512(room.start + o, start);
    top = _mm512_max_epi32(top, _mm512_add_epi32(start, _mm512_loadu_si512(room.reach + o)));
  }
  constexpr float FARTHEST = 0x1p28f, UP = 1 + 1e-5f;
  if (!(_mm512_reduce_max_ps(farthest) <= FARTHEST)) return false;
  room.shift = 0;
  while ((_mm512_reduce_max_epi32(top) >> room.shift) >= INT16_MAX) ++room.shift;
  const __m512i half = _mm512_set1_epi32(room.shift ? 1 << (room.shift - 1) : 0);
  for (int64_t o = 0; o < head.units; o += W)
    _mm512_storeu_si512(room.start + o, _mm512_add_epi32(_mm512_loadu_si512(room.start + o), half));
  const float power = float(1 << room.shift), root_hidden = __builtin_sqrtf(float(head.hidden));
  room.step = power * most;
  for (int64_t o = 0; o < head.wide; ++o) {
    const bool real = o < head.outputs;
    const float scale = real ? head.scale[o] * room.step : 0;
    room.error[o] = real ? ((base[o] + (bias ? bias[o] : 0)) - target[o]) + head.middle[o] * scale : 0;
    room.error[head.wide + o] = scale * 16384;
    room.error[2 * head.wide + o] = scale * 128;
  }

  // at least the norm, over the units, of |bias| + the sum of |weight * latent| (Cauchy and Schwarz)
  const float gross = (head.first_bias + head.first_size * float(__builtin_sqrt(sum_of_squares(latents, head.c)))) / most;

  // in activations' halves: a weight half rounds by 1/2 and its float32 products by less than 1/100; the bias by 1/2
  room.a_channel = root_hidden * 0.5f / power * UP;
  room.fixed = (root_hidden * (0.5f + (0.5f + 0.01f * float(head.c)) / power) +
                float(head.c + 8) * ULP * gross / power) * UP;
  room.rounding = float(__builtin_sqrt(sum_of_squares(base, head.outputs)) + __builtin_sqrt(sum_of_squares(target, head.outputs)) +
                        head.last_bias) * float(head.hidden + 24) * ULP * UP +
                  head.low_size * room.step * 63.5f * root_hidden * UP;
  return true;
}

/* The mask words of hypotheses first..first + BLOCK - 1 of a row (BLOCK, words); those past the last are 0. */
const uint64_t* block_masks(const mvq_select_hypothesis_args& args, int64_t row, int64_t first, uint64_t* masks) {
  const int64_t words = mask_words(args.c), count = smaller(BLOCK, args.h - first);
  const uint64_t* given = args.masks + (row * args.h + first) * words;
  if (args.masks && count == BLOCK) return given;
  if (count < BLOCK) __builtin_memset(masks, 0, BLOCK * words * 8);
  if (args.masks) {
    __builtin_memcpy(masks, given, count * words * 8);
    return masks;
  }
  const mvq_dropout_masks_args drawn{args.n, args.h, args.c, args.dropout, nullptr};
  for (int64_t j = 0; j < count; j += W)
    draw_masks(drawn, uint64_t(args.dropout.first_row + row), first + j, smaller(W, count - j), masks + j * words);
  return masks;
}

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
MVQ_INLINE void score_outputs(const ByteHead& head, const ScreenRoom& room, int64_t outputs, int64_t begin, int64_t end) {
  const vf error = load(room.error + outputs);
  const vf high = load(room.error + head.wide + outputs), cross = load(room.error + 2 * head.wide + outputs);
  float* totals = reinterpret_cast<float*>(room.totals) + begin * W;
  const int32_t* sums = room.sums + begin * 2 * W;
  for (int64_t j = begin; j < end; ++j, totals += W, sums += 2 * W) {
    const vf t = fma(to_float(load_int(sums)), high, fma(to_float(load_int(sums + W)), cross, error));
    store(totals, fma(t, t, load(totals)));
  }
}

/* The sums of the lanes of 16 vectors. */
template <class Vector, class Add>
MVQ_INLINE Vector sums_of_lanes(const Vector* x, Add add) {
  __m512 pairs[8], quads[4];
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) {
    const __m512 a = __m512(x[2 * i]), b = __m512(x[2 * i + 1]);
    pairs[i] = __m512(add(Vector(_mm512_unpacklo_ps(a, b)), Vector(_mm512_unpackhi_ps(a, b))));
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    const __m512d a = __m512d(pairs[2 * i]), b = __m512d(pairs[2 * i + 1]);
    quads[i] = __m512(add(Vector(_mm512_unpacklo_pd(a, b)), Vector(_mm512_unpackhi_pd(a, b))));
  }
  const auto join = [&](__m512 a, __m512 b) {
    return __m512(add(Vector(_mm512_shuffle_f32x4(a, b, 0x88)), Vector(_mm512_shuffle_f32x4(a, b, 0xDD))));
  };
  return Vector(join(join(quads[0], quads[1]), join(quads[2], quads[3])));
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
    else multiply_halves(room.active, head.high + o * head.units, head.low + o * head.units, head.units, room.sums, score);
  }
  const float gross = float(head.hidden + 24) * ULP * head.size, root_hidden = __builtin_sqrtf(float(head.hidden));
  const vf norm = broadcast((head.norm + gross) * room.step), rest = broadcast((head.rest_size + gross) * room.step);
  const vf slack = broadcast(float(head.outputs + 64) * ULP);
  for (int j = 0; j < BLOCK; j += W) {
    const auto plus = [](auto a, auto b) { return a + b; };
    const vf found = root(sums_of_lanes(reinterpret_cast<const vf*>(room.totals) + j, plus));
    const vf squares = to_float(sums_of_lanes(reinterpret_cast<const vi*>(room.totals) + BLOCK + j, plus));
    const vf size = (root(squares) + broadcast(root_hidden)) * broadcast(128);  // a half is below 128 * (its high byte + 1)
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
