// A codebook in bytes, in the order that the screen reads it.
#pragma once
#include "byte_vectors.hpp"
#include "search.hpp"

namespace mvq::MVQ_TIER {
namespace {

constexpr int64_t GROUP = 16;                  // codes a group; the screen keeps one score of each
constexpr int32_t NEVER = INT32_MIN / 2;       // the bias of what fills up the last group

struct ByteCodes {
  int64_t groups;
  int64_t words, used_words;  // of 4 bytes a vector, and how many of them hold more than zeros
  ByteScale scale;
  float rest;              // the largest of the codes
  uint8_t* bytes;          // (groups, words, GROUP, 4), signed
  uint8_t* rows;           // (groups, GROUP, words, 4), the same: the tiles' operand; NULL without tiles
  int32_t* bias;           // (groups, GROUP): what the score of a code starts at
  float* rest_of_group;    // (groups)
};

ByteCodes take_byte_codes(Workspace& workspace, int64_t k, int64_t d) {
  ByteCodes codes{};
  codes.groups = round_up(k, GROUP) / GROUP;
  codes.words = round_up(d, DEPTH) / 4;
  codes.used_words = round_up(d, 4) / 4;
  codes.scale.centre = workspace.take<float>(d);
  codes.bytes = workspace.take<uint8_t>(codes.groups * GROUP, 4 * codes.words);
#if defined(MVQ_SIMD_AMX)
  codes.rows = workspace.take<uint8_t>(codes.groups * GROUP, 4 * codes.words);
#endif
  codes.bias = workspace.take<int32_t>(codes.groups, GROUP);
  codes.rest_of_group = workspace.take<float>(codes.groups);
  return codes;
}

/* Group g in the tiles' order: square transposes of 16 words of 16 codes. */
void lay_out_rows(const ByteCodes& codes, int64_t g) {
  const int64_t size = codes.words * GROUP * 4;
  for (int64_t word = 0; word < codes.words; word += W) {
    vf x[W];
    for (int j = 0; j < W; ++j) x[j] = load((const float*)(codes.bytes + g * size + (word + j) * GROUP * 4));
    transpose(x);
    for (int j = 0; j < W; ++j) store((float*)(codes.rows + g * size + (j * codes.words + word) * 4), x[j]);
  }
}

/* A score is row . q - |q|^2 / 2, rounded down; the rows' bytes have 128 added, which the bias takes back. */
void quantise_group(const CodeList& list, const ByteCodes& codes, int64_t g, float* packed) {
  const int64_t first = g * GROUP, real = smaller(GROUP, list.count - first), size = codes.words * GROUP * 4;
  pack_rows(list.ids ? list.codes : list.at(first), list.stride, list.ids ? list.ids + first : nullptr, real, list.dims, list.d,
            packed);
  uint8_t* bytes = codes.bytes + g * size;
  const ByteLanes made = quantise(packed, GROUP, 0, list.d, codes.scale, 0, bytes, GROUP);
  vi sum = broadcast_int(0);
  for (int64_t word = 0; word < codes.words; ++word)
    add_dot_bytes(sum, broadcast_int(0x01010101), load_int(bytes + word * GROUP * 4));
  const vi half_norm = (round_to_int(made.norm) + broadcast_int(1)) >> 1;
  store_int(codes.bias + first, select(less(lane_numbers(), broadcast_int(int32_t(real))),
                                       broadcast_int(0) - (sum << 7) - half_norm, broadcast_int(NEVER)));
  float rest[W];
  store(rest, made.rest);
  codes.rest_of_group[g] = 0;
  for (float r : rest)
    if (!(r <= codes.rest_of_group[g])) codes.rest_of_group[g] = r;
  if (codes.rows) lay_out_rows(codes, g);
}

/* The mean of some of the codes: any point will do. */
void centre_of(const CodeList& list, float* centre) {
  constexpr int64_t SOME = 256;
  const int64_t every = larger(1, list.count / SOME), used = (list.count + every - 1) / every;
  for (int64_t i = 0; i < list.d; ++i) centre[i] = 0;
  for (int64_t j = 0; j < list.count; j += every)
    for (int64_t i = 0; i < list.d; ++i) centre[i] += list.at(j)[list.dims ? list.dims[i] : i];
  for (int64_t i = 0; i < list.d; ++i) centre[i] /= float(used);
}

/* Quantises the codes to a scale that suits them and the rows. False where no scale does: a NaN, or values so large, small
 * or equal that squares leave the range of floats. */
bool quantise_codes(const CodeList& list, const Rows& rows, int threads, ByteCodes& codes) {
  constexpr int64_t SOME_ROWS = 256, GROUPS_A_TASK = 16;
  float* centre = const_cast<float*>(codes.scale.centre);
  centre_of(list, centre);
  Reach of_codes(centre, list.dims, list.d), of_rows(centre, list.dims, list.d);
  for (int64_t j = 0; j < list.count; ++j) of_codes.add(list.at(j));
  for (int64_t j = 0; j < rows.n; j += larger(1, rows.n / SOME_ROWS)) of_rows.add(rows.rows + j * rows.stride);
  const float codes_reach = of_codes.most(), rows_reach = of_rows.most_but_tails();
  codes.scale.step = (codes_reach > rows_reach ? codes_reach : rows_reach) / 127;
  if (!(codes_reach < 1e15f && rows_reach < 1e15f && codes.scale.step > 1e-15f)) return false;
  for_each_task(worthwhile(threads, 16.0 * list.count * list.d), round_up(codes.groups, GROUPS_A_TASK) / GROUPS_A_TASK,
                [&](int64_t task, int worker) {
                  for (int64_t g = task * GROUPS_A_TASK; g < smaller(codes.groups, (task + 1) * GROUPS_A_TASK); ++g)
                    quantise_group(list, codes, g, rows.packed + worker * list.d * TILE);
                });
  codes.rest = 0;
  for (int64_t g = 0; g < codes.groups; ++g)
    if (!(codes.rest_of_group[g] <= codes.rest)) codes.rest = codes.rest_of_group[g];
  return codes.rest < 1e15f;
}

}  // namespace
}  // namespace mvq::MVQ_TIER
