// A codebook in bytes, in the order that the screen reads it.
#pragma once
#include "search/screen/byte_vectors.hpp"
#include "search/screen/free_gain.hpp"
#include "search/screen/pair_distances.hpp"
#include "search/search.hpp"

namespace mvq::MVQ_TIER {
namespace {

constexpr int64_t GROUP = W;  // codes a group; the screen keeps one score of each
/* Named scores are multiples of GROUP, and their lowest bits name the code: GROUP - 1 - its place in the group. */
#if defined(MVQ_BYTES_IN_WORDS)
constexpr bool IN_HALVES = false;
#else
constexpr bool IN_HALVES = true;  // these are widened by a multiplication, by 1 or by more: names are for nothing
#endif
constexpr int32_t NEVER = -100000000;  // what fills up the last group scores less than all codes; GROUP-fold an int32
constexpr int64_t TILE_WORDS = W;      // of 4 bytes: what one product of tiles takes, and a transpose

/* A score is q_row . (q + zero) - |q|^2 / 2, rounded down: of two codes the nearer one has the higher; zero is a byte
 * of BYTE_ZERO. Under row masks the second term depends on the mask, so each vector gets a second half: bytes near
 * q^2 / SQUARE_UNIT here, half of a negative unit where kept in a row. Under a free mask too: free_gain.hpp.
 * Biases are scores, in halves named ones. */
struct ByteCodes {
  int64_t groups;
  int64_t words, used_words;  // of 4 bytes a vector, and how many of them hold more than zeros
  int64_t half;               // words of the first half
  ByteScale scale;
  float rest;          // the largest of the codes
  float square_error;  // the most by which the second half can be wrong, in scores
  uint8_t* bytes;      // (groups, words, GROUP, 4), unsigned: q + zero
  uint8_t* rows;       // (groups, GROUP, words, 4), the same: the tiles' operand and what a bank masks; else NULL
  bool tiles;          // screened by products of tiles
  bool named;          // scores name their codes
  int32_t* bias;       // (groups, GROUP): what the score of a code starts at
  float *rest_of_group, *error_of_group;  // (groups)

  int64_t group_bytes() const { return words * GROUP * 4; }
};

/* Whether products of tiles beat dot products in lanes. */
MVQ_INLINE bool worth_tiles(int64_t words, int64_t codes) {
#if defined(MVQ_SIMD_AMX)
  return words > 10 && codes >= 256;
#else
  return (void)words, (void)codes, false;
#endif
}

/* Whether naming all codes costs less than looking again for those that survive; measured. */
MVQ_INLINE bool worth_naming(int64_t words, int64_t codes) { return words >= 64 || codes <= 32 * words; }

/* `screened`: codes to be compared with each row, more than k where masks multiply them. */
ByteCodes take_byte_codes(Workspace& workspace, int64_t k, int64_t d, int64_t screened, Kind kind) {
  ByteCodes codes{};
  codes.groups = round_up(k, GROUP) / GROUP;
  codes.half = round_up(d, 4) / 4;
  codes.used_words = kind == Kind::row_masked || kind == Kind::free ? 2 * codes.half : codes.half;
  codes.tiles = kind != Kind::free && worth_tiles(codes.used_words, screened);
  const bool rows = codes.tiles || kind == Kind::bank;
  codes.named = IN_HALVES || (!codes.tiles && worth_naming(codes.used_words, screened));
  codes.words = rows ? round_up(codes.used_words, TILE_WORDS) : codes.used_words;
  codes.bytes = workspace.take<uint8_t>(codes.groups, codes.group_bytes());
  codes.rows = rows ? workspace.take<uint8_t>(codes.groups, codes.group_bytes()) : nullptr;
  codes.bias = workspace.take<int32_t>(codes.groups, GROUP);
  codes.rest_of_group = workspace.take<float>(codes.groups);
  codes.error_of_group = workspace.take<float>(codes.groups);
  return codes;
}

/* From one order to the other, words counted in either: square transposes of W words of W codes. */
void transpose_group(const uint8_t* from, int64_t from_step, int64_t from_square, uint8_t* to, int64_t to_step,
                     int64_t to_square, int64_t words) {
  for (int64_t square = 0; square < words / W; ++square) {
    vf x[W];
    for (int j = 0; j < W; ++j) x[j] = load((const float*)from + square * from_square + j * from_step);
    transpose(x);
    for (int j = 0; j < W; ++j) store((float*)to + square * to_square + j * to_step, x[j]);
  }
}
void bytes_to_rows(const ByteCodes& codes, int64_t g) {
  transpose_group(codes.bytes + g * codes.group_bytes(), GROUP, GROUP * W, codes.rows + g * codes.group_bytes(),
                  codes.words, W, codes.words);
}
void rows_to_bytes(const ByteCodes& codes, int64_t g) {
  transpose_group(codes.rows + g * codes.group_bytes(), codes.words, W, codes.bytes + g * codes.group_bytes(), GROUP,
                  GROUP * W, codes.words);
}

/* The scores of a group's codes, in lanes, with their names. */
MVQ_INLINE vi named_scores(vi scores) {
  return scores * broadcast_int(int32_t(GROUP)) + broadcast_int(int32_t(GROUP) - 1) - lane_numbers();
}

/* The biases of group g, from its bytes; only `real` of its codes are there. */
void set_bias(const ByteCodes& codes, int64_t g, int64_t real, Kind kind) {
  vi norm = broadcast_int(0);
  for (int64_t word = 0; word < codes.half && kind != Kind::row_masked && kind != Kind::free; ++word) {
    const vi q = signed_bytes(load_int(codes.bytes + g * codes.group_bytes() + word * GROUP * 4));
    add_dot_bytes(norm, absolute_bytes(q), absolute_bytes(q));
  }
  vi bias = broadcast_int(0) - ((norm + broadcast_int(1)) >> 1);
  bias = select(less(lane_numbers(), broadcast_int(int32_t(real))), bias, broadcast_int(NEVER));
  store_int(codes.bias + g * GROUP, IN_HALVES ? named_scores(bias) : bias);
}

/* The second half of group g: round(q^2 / SQUARE_UNIT); returns the most that any mask can make of the roundings,
 * in scores. */
float add_squares(const ByteCodes& codes, int64_t g) {
  uint8_t* bytes = codes.bytes + g * codes.group_bytes();
  vi over = broadcast_int(0), under = over;  // sums of q^2 - unit * byte where positive and where negative, by code
  const vi ones = broadcast_int(0x01010101), zero = broadcast_int(0);
  for (int64_t word = 0; word < codes.half; ++word, bytes += GROUP * 4) {
    vi errors;  // between plus and minus half of a unit
    store_int(bytes + codes.half * GROUP * 4, square_bytes(absolute_bytes(signed_bytes(load_int(bytes))), errors));
    add_dot_bytes(over, ones, larger_signed_bytes(errors, zero));
    add_dot_bytes(under, ones, larger_signed_bytes(subtract_bytes(zero, errors), zero));
  }
  int32_t either[W], most = 0;
  store_int(either, larger(over, under));
  for (int32_t x : either) most = x > most ? x : most;
  return float(most) / 2;
}

void quantise_group(const CodeList& list, const ByteCodes& codes, int64_t g, Kind kind, float* packed) {
  const int64_t first = g * GROUP, real = smaller(GROUP, list.count - first);
  pack_rows(list.ids ? list.codes : list.at(first), list.stride, list.ids ? list.ids + first : nullptr, real, list.dims,
            list.d, packed);
  uint8_t* bytes = codes.bytes + g * codes.group_bytes();
  const ByteLanes made = quantise(packed, GROUP, 0, list.d, nullptr, codes.scale, kind == Kind::free ? 0 : BYTE_ZERO,
                                  codes.words, bytes, GROUP);
  if (kind == Kind::free) split_signs(bytes, GROUP, codes.half, 1);
  float rest[W];
  store(rest, made.rest);
  codes.rest_of_group[g] = 0;
  for (float r : rest)
    if (!(r <= codes.rest_of_group[g])) codes.rest_of_group[g] = r;
  codes.error_of_group[g] = kind == Kind::row_masked ? add_squares(codes, g) : 0;
  set_bias(codes, g, real, kind);
  if (codes.rows) bytes_to_rows(codes, g);
}

/* The mean of some of the codes: any point will do, but where a mask makes a dimension zero it must be zero. */
void centre_of(const CodeList& list, Kind kind, float* centre) {
  constexpr int64_t SOME = 256;
  const int64_t every = larger(1, list.count / SOME), used = (list.count + every - 1) / every;
  for (int64_t i = 0; i < list.d; ++i) centre[i] = 0;
  if (kind == Kind::free || kind == Kind::bank) return;
  for (int64_t j = 0; j < list.count; j += every)
    for (int64_t i = 0; i < list.d; ++i) centre[i] += list.at(j)[list.dims ? list.dims[i] : i];
  for (int64_t i = 0; i < list.d; ++i) centre[i] /= float(used);
}

/* Quantises the codes to a scale that suits them and the rows. False where no scale does: a NaN, or values so large,
 * small or equal that squares leave the range of floats. */
bool quantise_codes(const CodeList& list, const Rows& rows, Kind kind, int threads, float* centre, ByteCodes& codes) {
  constexpr int64_t SOME_ROWS = 256, GROUPS_A_TASK = 16;
  centre_of(list, kind, centre);
  Reach of_codes(centre, list.dims, list.d), of_rows(centre, list.dims, list.d);
  for (int64_t j = 0; j < list.count; ++j) of_codes.add(list.at(j));
  for (int64_t j = 0; j < rows.n; j += larger(1, rows.n / SOME_ROWS)) of_rows.add(rows.rows + j * rows.stride);
  const float codes_reach = of_codes.most(), rows_reach = of_rows.most_but_tails();
  const int32_t most = kind == Kind::free ? FREE_MOST : BYTE_MOST;
  codes.scale = {centre, (codes_reach > rows_reach ? codes_reach : rows_reach) / float(most), most};
  if (!(codes_reach < 1e15f && rows_reach < 1e15f && codes.scale.step > 1e-15f)) return false;
  for_each_task(worthwhile(threads, 16.0 * list.count * list.d), round_up(codes.groups, GROUPS_A_TASK) / GROUPS_A_TASK,
                [&](int64_t task, int worker) {
                  for (int64_t g = task * GROUPS_A_TASK; g < smaller(codes.groups, (task + 1) * GROUPS_A_TASK); ++g)
                    quantise_group(list, codes, g, kind, rows.packed + worker * list.d * TILE);
                });
  codes.groups = round_up(list.count, GROUP) / GROUP;
  codes.rest = codes.square_error = 0;
  for (int64_t g = 0; g < codes.groups; ++g) {
    if (!(codes.rest_of_group[g] <= codes.rest)) codes.rest = codes.rest_of_group[g];
    if (codes.error_of_group[g] > codes.square_error) codes.square_error = codes.error_of_group[g];
  }
  return codes.rest < 1e15f;
}

}  // namespace
}  // namespace mvq::MVQ_TIER
