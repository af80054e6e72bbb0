// What all hypotheses of a row share in the screen: the first layer times the row's latents, in halves,
// and its rounding.
#pragma once
#include "selection/screen/byte_head.hpp"
#if defined(MVQ_SCREEN_IN_BYTES)

namespace mvq::MVQ_TIER {
namespace {

/* A worker's room, and what holds for all hypotheses of its row. */
struct ScreenRoom {
  float* latents;   // (c padded to 4) over the largest
  int8_t* first;    // the first layer times the latents, packed (units / 16, depth / 4, 16, 4)
  int32_t* start;   // (units) its bias
  int32_t* reach;   // (units): the sums of a unit's positive halves
  float* error;     // (3, wide): base + last bias - target + what the middles add; scale of high and of other products
  uint64_t* masks;  // (BLOCK, mask words)
  uint8_t* kept;    // (BLOCK, depth)
  uint8_t* active;  // (2, BLOCK, units): high and low bytes
  int32_t* sums;    // (16, UNITS) or (BLOCK, 2, 16): of a product
  int32_t* totals;  // (2, BLOCK, W): of errors squared (float), of high bytes squared
  int shift = 0;    // an activation's half is its sum >> shift
  float step = 0;   // what 1 of it stands for, in units of ByteHead
  float fixed = 0, a_channel = 0, rounding = 0;  // |x - x'| <= fixed + a_channel * channels kept; see above
};

ScreenRoom take_screen_room(Workspace& workspace, const ByteHead& head, int threads) {
  return {
      workspace.take<float>(threads, round_up(head.c, 4)), workspace.take<int8_t>(threads, head.units, head.depth),
      workspace.take<int32_t>(threads, head.units),        workspace.take<int32_t>(threads, head.units),
      workspace.take<float>(threads, 3, head.wide),        workspace.take<uint64_t>(threads, BLOCK, mask_words(head.c)),
      workspace.take<uint8_t>(threads, BLOCK, head.depth), workspace.take<uint8_t>(threads, 2 * BLOCK, head.units),
      workspace.take<int32_t>(threads, BLOCK, 2 * W),      workspace.take<int32_t>(threads, 2 * BLOCK, W)};
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
MVQ_NOINLINE bool prepare_row(const mvq_select_hypothesis_args& args, const ByteHead& head, int64_t row,
                              ScreenRoom& room) {
  const float *latents = args.latents + row * head.c, *base = args.base + row * head.outputs,
              *target = args.target + row * head.outputs, *bias = args.head.bias[1];
  const float most = largest(latents, head.c);
  if (!screenable(most) || !bounded(largest(base, head.outputs)) || !bounded(largest(target, head.outputs)))
    return false;
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
  const float gross =
      (head.first_bias + head.first_size * float(__builtin_sqrt(sum_of_squares(latents, head.c)))) / most;

  // in activations' halves: a weight half rounds by 1/2 and its float32 products by less than 1/100; the bias by 1/2
  room.a_channel = root_hidden * 0.5f / power * UP;
  room.fixed =
      (root_hidden * (0.5f + (0.5f + 0.01f * float(head.c)) / power) + float(head.c + 8) * ULP * gross / power) * UP;
  const float sizes =
      float(__builtin_sqrt(sum_of_squares(base, head.outputs)) + __builtin_sqrt(sum_of_squares(target, head.outputs))) +
      head.last_bias;
  const float dropped = (head.low_size + head.rest_size) * room.step * 63.5f * root_hidden;  // |low bytes| at most
  room.rounding = (sizes * float(head.hidden + 24) * ULP + dropped) * UP;
  return true;
}

}  // namespace
}  // namespace mvq::MVQ_TIER
#endif
