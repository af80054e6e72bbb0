// A hypothesis head of two layers and ReLU in fixed point, for the screening of hypotheses, and the norms that bound what
// it gets wrong. The first layer has 15 bits a weight and latent, two bytes of them; the last one 8 bits.
#pragma once
#include "spectral_norm.hpp"
#include "workspace.hpp"
#if defined(MVQ_SIMD_VNNI)

namespace mvq::MVQ_TIER {
namespace {

constexpr int UNITS = 64;            // hidden units scored at once: they are padded to a multiple of it
constexpr float LARGEST_HALF = 29700;  // of a weight times a latent: HIGH * 127 less what rounding may add to the low byte
constexpr int HIGH = 234;            // a half is HIGH * its high byte + its low byte

struct ByteHead {
  int64_t c, hidden, outputs;  // real
  int64_t units, wide;         // hidden and outputs, padded
  int64_t chunk, depth;        // channels whose high bytes lie together (their low bytes follow); bytes of a hypothesis
  float* first;                // (units / 16, c padded to 4 / 4, 4, 16): see pack_first
  float* unit;                 // (units): what 1 of a half stands for, at a largest latent of 1
  float* bias;                 // (units)
  int8_t* last;                // two layers of bytes, packed (wide / 16, units / 4, 16, 4)
  float* scale;                // (wide): what 1 of a byte of `last` stands for
  uint8_t* rows;               // (wide, units) scratch
  int8_t* rest;                // as last: what `last` leaves over
  float norm, rest_norm;       // at least the largest singular values of the last layer and of its rounding
  float size, last_bias;       // at least the Frobenius norm of the last layer; the norm of its bias
  bool usable;                 // false: a weight is not finite, or too far from 1
};

constexpr float LEAST = 0x1p-60f, MOST = 0x1p60f;  // what screening takes: nothing over- or underflows between

/* The largest magnitude of `count` floats; NaN or infinity where there is one. */
float largest(const float* values, int64_t count) {
  __m512i most = _mm512_setzero_si512();
  for (int64_t i = 0; i < count; i += W) {
    const __mmask16 there = count - i >= W ? 0xFFFF : (1u << (count - i)) - 1;
    most = _mm512_max_epi32(most, _mm512_castps_si512(_mm512_abs_ps(_mm512_maskz_loadu_ps(there, values + i))));
  }
  return __builtin_bit_cast(float, _mm512_reduce_max_epi32(most));  // magnitudes compare as their bits do, NaN last
}

double sum_of_squares(const float* values, int64_t count) {
  double sum = 0;
  for (int64_t i = 0; i < count; ++i) sum += double(values[i]) * values[i];
  return sum;
}

bool screenable(float largest) { return largest >= LEAST && largest <= MOST; }
bool bounded(float largest) { return largest <= MOST; }

/* Which heads and searches are screened. */
bool screens(const mvq_select_hypothesis_args& args) {
  constexpr int64_t WIDEST = 1024, CHANNELS = 256, LEAST_HYPOTHESES = 32, MOST_TOP = 64;
  return args.head.layers == 2 && args.head.activation == MVQ_RELU && args.p == 1 && !args.winner_per_token &&
         args.c == args.head.width[0] && args.c <= CHANNELS && args.head.width[1] <= WIDEST &&
         args.head.width[2] <= WIDEST && args.h >= LEAST_HYPOTHESES && args.top <= MOST_TOP && 8 * args.top <= args.h;
}

ByteHead take_byte_head(Workspace& workspace, const mvq_select_hypothesis_args& args) {
  ByteHead head{};
  if (!screens(args)) return head;
  head.c = args.c, head.hidden = args.head.width[1], head.outputs = args.head.width[2];
  head.units = round_up(head.hidden, UNITS), head.wide = round_up(head.outputs, BLOCK);
  head.chunk = args.c <= 32 ? 32 : 64;
  head.depth = 2 * round_up(args.c, head.chunk);
  head.first = workspace.take<float>(head.units, round_up(args.c, 4));
  head.unit = workspace.take<float>(head.units);
  head.bias = workspace.take<float>(head.units);
  head.last = workspace.take<int8_t>(head.wide, head.units);
  head.scale = workspace.take<float>(head.wide);
  head.rows = workspace.take<uint8_t>(head.wide, head.units);
  head.rest = workspace.take<int8_t>(head.wide, head.units);
  return head;
}

/* Weights scaled to LARGEST_HALF, 4 channels a 128-bit lane: lane l of vector t holds unit 4 l + t of its 16, so that two
 * rounds of packing to bytes leave the 4 channels of a unit together and the units in order. */
void pack_first(const mvq_head& source, const ByteHead& head, float most) {
  const int64_t quads = (head.c + 3) / 4;
  __builtin_memset(head.first, 0, head.units * quads * 16);
  for (int64_t o = 0; o < head.units; ++o) {
    const float* weight = source.weight[0] + o * head.c;
    const float own = o < head.hidden ? largest(weight, head.c) : 0;
    head.unit[o] = (own > most / 4 ? own : most / 4) / LARGEST_HALF;
    head.bias[o] = source.bias[0] && o < head.hidden ? source.bias[0][o] : 0;
    if (o >= head.hidden) continue;
    float* packed = head.first + o / 16 * quads * 64 + o % 4 * 16 + o % 16 / 4 * 4;
    const float factor = 1 / head.unit[o];
    for (int64_t i = 0; i < head.c; ++i) packed[i / 4 * 64 + i % 4] = weight[i] * factor;
  }
}

/* Bytes of a row of the last layer, offset by OFFSET: its weights over `scale`, or what rounding them leaves, times 254.
 * In 64 of them byte 16 l + 4 t + e belongs to unit 16 t + 4 l + e, the order in which score_units packs activations. */
void round_row(const float* weight, int64_t hidden, float scale, bool rest, int64_t units, uint8_t* bytes) {
  const __m512 factor = _mm512_set1_ps(1 / scale);
  for (int64_t j = 0; j < units; j += UNITS) {
    __m512i rounded[4];
    for (int t = 0; t < 4; ++t) {
      const int64_t left = hidden - j - 16 * t;
      const __mmask16 there = left >= W ? 0xFFFF : left > 0 ? (1u << left) - 1 : 0;
      const __m512 x = _mm512_mul_ps(_mm512_maskz_loadu_ps(there, weight + j + 16 * t), factor);
      rounded[t] = _mm512_cvtps_epi32(rest ? _mm512_mul_ps(_mm512_reduce_ps(x, 0), _mm512_set1_ps(254)) : x);
    }
    const __m512i halves = _mm512_packs_epi32(rounded[0], rounded[1]), more = _mm512_packs_epi32(rounded[2], rounded[3]);
    _mm512_storeu_si512(bytes + j, _mm512_xor_si512(_mm512_packs_epi16(halves, more), _mm512_set1_epi8(char(OFFSET))));
  }
}

/* Packs a head for screening; leaves `usable` false where it cannot be bounded. */
void pack_byte_head(const mvq_head& source, ByteHead& head) {
  const float* last = source.weight[1];
  const float first_most = largest(source.weight[0], head.hidden * head.c), most = largest(last, head.outputs * head.hidden);
  const float* bias[2] = {source.bias[0], source.bias[1]};
  head.usable = screenable(first_most) && screenable(most) && (!bias[0] || bounded(largest(bias[0], head.hidden))) &&
                (!bias[1] || bounded(largest(bias[1], head.outputs)));
  if (!head.usable) return;
  pack_first(source, head, first_most);
  double scales = 0, size = 0;  // sums of squares
  for (int64_t o = 0; o < head.wide; ++o) {
    const bool real = o < head.outputs;
    const float own = real ? largest(last + o * head.hidden, head.hidden) : 0;
    head.scale[o] = (own > most * 0x1p-10f ? own : most * 0x1p-10f) / 127;
    if (real) scales += double(head.scale[o]) * head.scale[o];
    if (real) size += sum_of_squares(last + o * head.hidden, head.hidden);
  }
  const ByteTiles tiles;
  double norm[2];
  for (int rest = 0; rest < 2; ++rest) {
    for (int64_t o = 0; o < head.wide; ++o) {
      const bool real = o < head.outputs;
      round_row(real ? last + o * head.hidden : last, real ? head.hidden : 0, head.scale[o], rest, head.units,
                head.rows + o * head.units);
    }
    int8_t* packed = rest ? head.rest : head.last;
    pack_bytes(head.rows, head.wide, head.units, packed);
    norm[rest] = spectral_norm(head.rows, packed, head.scale, head.wide, head.units, smaller(head.hidden, head.outputs));
  }
  // what rounding the rest leaves: half a 254th, and the roundings of weight * (1 / scale), at most 127 * 2^-22
  const double rest_norm = norm[1] / 254 + 0.00202 * __builtin_sqrt(scales * double(head.hidden));
  constexpr double UP = 1 + 1e-6;
  head.rest_norm = float(rest_norm * UP);
  head.norm = float((norm[0] + rest_norm) * UP);
  head.size = float(__builtin_sqrt(size) * UP);
  head.last_bias = bias[1] ? float(__builtin_sqrt(sum_of_squares(bias[1], head.outputs)) * UP) : 0;
}

}  // namespace
}  // namespace mvq::MVQ_TIER
#endif
