// The scores of a screen where byte products come in halves (AVX2, AVX-512 without VNNI): summed there for a few words,
// a span, and only then widened, which saves most of the widening. A span is as long as no sum of any code can leave a
// half.
#pragma once
#include "search/screen/tile_scores.hpp"

namespace mvq::MVQ_TIER {
namespace {

constexpr int64_t LONG_SPAN = 4;  // words; a half sums two bytes of each
template <Kind kind>
constexpr int64_t SHORT_SPAN = kind == Kind::free ? 1 : 2;
constexpr int32_t MOST_BYTE = BYTE_MOST + (BYTE_ZERO & 255);
static_assert(SHORT_SPAN<Kind::full> * 2 * BYTE_MOST <= INT16_MAX / MOST_BYTE, "short spans fit, whatever the row");
static_assert(SHORT_SPAN<Kind::free> * 2 * FREE_MOST * FREE_MOST < INT16_MAX, "a gain is at most its row's square");

/* How many words of a tile's rows (words, TILE, 4) may be summed in halves, whatever the code: as long as the
 * magnitudes of a row's bytes, or under a free mask their squares, stay small enough. Normal data allow LONG_SPAN. */
template <Kind kind>
int64_t span_of(const uint8_t* bytes, int64_t words) {
  constexpr int32_t MOST = kind == Kind::free ? INT16_MAX - 1 : INT16_MAX / MOST_BYTE;
  vi most = broadcast_int(0);
  for (int64_t first = 0; first < words; first += LONG_SPAN)
    for (int v = 0; v < VECTORS; ++v) {
      vi sum = broadcast_int(0);
      for (int64_t word = first; word < smaller(words, first + LONG_SPAN); ++word) {
        const vi q = load_int(bytes + (word * TILE + v * W) * 4), low = broadcast_int(0x7F7F7F7F);
        sum = add_halves_saturated(sum, kind == Kind::free
                                            ? byte_products(shift_halves<1>(q) & low, shift_halves<1>(q) & low)
                                            : byte_products(absolute_bytes(q), broadcast_int(0x01010101)));
      }
      most = larger_halves(most, sum);
    }
  int16_t halves[2 * W];
  store_int(halves, most);
  for (const int16_t half : halves)
    if (half > MOST) return SHORT_SPAN<kind>;
  return LONG_SPAN;
}

/* What halves sum up to, in units of scores: the multiplication that adds them in pairs makes these too. */
MVQ_INLINE vi widened(vi halves) { return add_pairs_of_halves(halves, int16_t(GROUP)); }

/* What 4 dimensions of a row and a code count, in halves. */
template <Kind kind>
MVQ_INLINE vi word_in_halves(const Word& row, const Word& code) {
  if constexpr (kind == Kind::free) return byte_products(gain_bytes(row, code), code.bytes);
  else return byte_products(code.bytes, row.bytes);
}

/* PART codes at a time against all rows: PART * VECTORS sums, which with a code, products and two of three vectors of
 * rows fill the 16 registers of AVX2; AVX-512 has twice as many. A free mask needs more beside them. */
template <Kind kind>
constexpr int PART = (kind == Kind::free ? 2 : 4) * W / 8;

/* Adds to `sum` what 4 dimensions of the rows, three vectors of them, and a code count. */
template <Kind kind>
MVQ_INLINE void add_word_in_halves(const uint8_t* row, const vi z[2], const Word& code, int64_t half, vi sum[VECTORS]) {
  static_assert(VECTORS == 3);
  if constexpr (kind == Kind::free) {
#pragma GCC unroll 3
    for (int v = 0; v < VECTORS; ++v)
      sum[v] = add_halves(sum[v], word_in_halves<kind>(word_of_each<kind>(row + v * W * 4, half), code));
  } else {
    add_byte_products(sum[0], code.bytes, z[0]);
    add_byte_products(sum[1], code.bytes, z[1]);
    add_byte_products(sum[2], code.bytes, row + 2 * W * 4);
  }
}

template <Kind kind, bool NAMED>
MVQ_INLINE void add_scores(const ByteCodes& codes, const ScreenTile& tile, int64_t first, GroupScores<NAMED>& found) {
  static_assert(NAMED);
  vi score[PART<kind>][VECTORS];
#pragma GCC unroll 8
  for (int r = 0; r < PART<kind>; ++r)
#pragma GCC unroll 3
    for (int v = 0; v < VECTORS; ++v) score[r][v] = broadcast_int(codes.bias[first + r]);
  const uint8_t *row = tile.bytes, *code = codes.bytes + first / GROUP * codes.group_bytes() + first % GROUP * 4;
  const int64_t words = words_of<kind>(codes);
  for (int64_t left = words; left > 0; left -= tile.span) {
    vi sum[PART<kind>][VECTORS] = {};
#pragma GCC unroll 1
    for (int64_t word = smaller(left, tile.span); word > 0; --word, row += TILE * 4, code += GROUP * 4) {
      const vi z[2] = {load_int(row), load_int(row + W * 4)};
#pragma GCC unroll 8
      for (int r = 0; r < PART<kind>; ++r)
        add_word_in_halves<kind>(row, z, word_of_one<kind>(code + 4 * r, words * GROUP * 4), words * TILE * 4, sum[r]);
    }
#pragma GCC unroll 8
    for (int r = 0; r < PART<kind>; ++r)
#pragma GCC unroll 3
      for (int v = 0; v < VECTORS; ++v) score[r][v] += widened(sum[r][v]);
  }
#pragma GCC unroll 3
  for (int v = 0; v < VECTORS; ++v)
#pragma GCC unroll 8
    for (int r = 0; r < PART<kind>; ++r) found.add(v, score[r][v]);
}

/* The scores of the codes of a group for one row, in lanes; `four`: its bytes. */
template <Kind kind, int64_t SPAN>
MVQ_INLINE vi sums_in_spans(const uint8_t* code, const uint8_t* four, int64_t words) {
  vi all = broadcast_int(0);
  for (int64_t left = words; left > 0; left -= SPAN) {
    vi sum = broadcast_int(0);
#pragma GCC unroll 4
    for (int64_t word = 0; word < SPAN; ++word, four += TILE * 4, code += GROUP * 4) {
      if (word >= left) break;
      sum = add_halves(sum, word_in_halves<kind>(word_of_one<kind>(four, words * TILE * 4),
                                                 word_of_each<kind>(code, words * GROUP * 4)));
    }
    all += widened(sum);
  }
  return all;
}

template <Kind kind>
MVQ_INLINE vi scores_of(const ByteCodes& codes, const ScreenTile& tile, int64_t g, int64_t row) {
  const uint8_t *code = codes.bytes + g * codes.group_bytes(), *four = tile.bytes + row * 4;
  const int64_t words = words_of<kind>(codes);
  return load_int(codes.bias + g * GROUP) + (tile.span == LONG_SPAN
                                                 ? sums_in_spans<kind, LONG_SPAN>(code, four, words)
                                                 : sums_in_spans<kind, SHORT_SPAN<kind>>(code, four, words));
}

}  // namespace
}  // namespace mvq::MVQ_TIER
