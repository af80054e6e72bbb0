// The scores of a screen where byte products come in halves (AVX2): summed there for a few words, a span, and only then
// widened, which saves most of the widening. A span is as long as no sum of any code can leave a half.
#pragma once
#include "search/screen/tile_scores.hpp"

namespace mvq::MVQ_TIER {
namespace {

constexpr int64_t LONG_SPAN = 4, SHORT_SPAN = 2;  // words; a half sums two bytes of each
constexpr int32_t MOST_BYTE = BYTE_MOST + (BYTE_ZERO & 255);
constexpr int32_t MOST_OF_SPAN = INT16_MAX / MOST_BYTE;  // magnitudes of a row's bytes that a half takes, of any code
static_assert(SHORT_SPAN * 2 * BYTE_MOST <= MOST_OF_SPAN, "short spans fit, whatever the row");
static_assert(LONG_SPAN * 2 * BYTE_MOST * BYTE_MOST <= INT16_MAX, "differences under a free mask always fit");

/* How many words of a tile's rows (words, TILE, 4) may be summed in halves. Normal data allow LONG_SPAN. */
template <Kind kind>
int64_t span_of(const uint8_t* bytes, int64_t words) {
  if (kind == Kind::free) return LONG_SPAN;
  const vi ones = broadcast_int(0x01010101);
  vi most = broadcast_int(0);
  for (int64_t first = 0; first < words; first += LONG_SPAN)
    for (int v = 0; v < VECTORS; ++v) {
      vi sum = broadcast_int(0);
      for (int64_t word = first; word < smaller(words, first + LONG_SPAN); ++word)
        sum = add_halves(sum, byte_products(absolute_bytes(load_int(bytes + (word * TILE + v * W) * 4)), ones));
      most = larger_halves(most, sum);
    }
  int16_t halves[2 * W];
  store_int(halves, most);
  for (const int16_t half : halves)
    if (half > MOST_OF_SPAN) return SHORT_SPAN;
  return LONG_SPAN;
}

/* What halves sum up to, in units of scores: the multiplication that adds them in pairs makes these too. */
MVQ_INLINE vi widened(vi halves) { return add_pairs_of_halves(halves, SCORE_UNIT); }

/* What 4 dimensions of a row and a code count, in halves; under a free mask a loss. */
template <Kind kind>
MVQ_INLINE vi word_in_halves(vi row, vi signed_or_unsigned_code) {
  if constexpr (kind == Kind::free) {
    const vi t = smaller_bytes(absolute_bytes(difference_bytes(signed_or_unsigned_code, row)), absolute_bytes(row));
    return byte_products(t, t);
  } else {
    return byte_products(signed_or_unsigned_code, row);
  }
}

/* PART codes at a time against all rows: PART * VECTORS sums, which with a code, products and two of three vectors of
 * rows fill the 16 registers. A free mask needs more beside them. */
template <Kind kind>
constexpr int PART = kind == Kind::free ? 2 : 4;

/* Adds to `sum` what 4 dimensions of the rows, three vectors of them, and a code count; under a free mask a loss. */
template <Kind kind>
MVQ_INLINE void add_word_in_halves(const uint8_t* row, const vi z[2], vi code, vi sum[VECTORS]) {
  static_assert(VECTORS == 3);
  if constexpr (kind == Kind::free) {
    const vi q = signed_bytes(code);
#pragma GCC unroll 3
    for (int v = 0; v < VECTORS; ++v) sum[v] = add_halves(sum[v], word_in_halves<kind>(load_int(row + v * W * 4), q));
  } else {
    add_byte_products(sum[0], code, z[0]);
    add_byte_products(sum[1], code, z[1]);
    add_byte_products(sum[2], code, row + 2 * W * 4);
  }
}

template <Kind kind>
MVQ_INLINE void add_scores(const ByteCodes& codes, const ScreenTile& tile, int64_t first, GroupScores& found) {
  vi score[PART<kind>][VECTORS];
#pragma GCC unroll 4
  for (int r = 0; r < PART<kind>; ++r)
#pragma GCC unroll 3
    for (int v = 0; v < VECTORS; ++v) score[r][v] = broadcast_int(kind == Kind::free ? 0 : codes.bias[first + r]);
  const uint8_t *row = tile.bytes, *code = codes.bytes + first / GROUP * codes.group_bytes() + first % GROUP * 4;
  for (int64_t left = codes.used_words; left > 0; left -= tile.span) {
    vi sum[PART<kind>][VECTORS] = {};
#pragma GCC unroll 1
    for (int64_t word = smaller(left, tile.span); word > 0; --word, row += TILE * 4, code += GROUP * 4) {
      const vi z[2] = {load_int(row), load_int(row + W * 4)};
#pragma GCC unroll 4
      for (int r = 0; r < PART<kind>; ++r) add_word_in_halves<kind>(row, z, broadcast_word(code + 4 * r), sum[r]);
    }
#pragma GCC unroll 4
    for (int r = 0; r < PART<kind>; ++r)
#pragma GCC unroll 3
      for (int v = 0; v < VECTORS; ++v) score[r][v] += widened(sum[r][v]);
  }
#pragma GCC unroll 3
  for (int v = 0; v < VECTORS; ++v)
#pragma GCC unroll 4
    for (int r = 0; r < PART<kind>; ++r)
      found.add(v, kind == Kind::free ? broadcast_int(codes.bias[first + r]) - score[r][v] : score[r][v]);
}

/* The scores of the codes of group g for one row, in lanes. */
template <Kind kind>
MVQ_INLINE vi scores_of(const ByteCodes& codes, const ScreenTile& tile, int64_t g, int64_t row) {
  const uint8_t *code = codes.bytes + g * codes.group_bytes(), *four = tile.bytes + row * 4;
  vi all = broadcast_int(0);
  for (int64_t left = codes.used_words; left > 0; left -= LONG_SPAN) {
    vi sum[2] = {};  // of a short span each
#pragma GCC unroll 4
    for (int64_t word = 0; word < LONG_SPAN; ++word, four += TILE * 4, code += GROUP * 4) {
      if (word >= left) break;
      const vi e = load_int(code), q = kind == Kind::free ? signed_bytes(e) : e;
      sum[word / SHORT_SPAN] = add_halves(sum[word / SHORT_SPAN], word_in_halves<kind>(broadcast_word(four), q));
    }
    all += tile.span == LONG_SPAN ? widened(add_halves(sum[0], sum[1])) : widened(sum[0]) + widened(sum[1]);
  }
  const vi bias = load_int(codes.bias + g * GROUP);
  return kind == Kind::free ? bias - all : bias + all;
}

}  // namespace
}  // namespace mvq::MVQ_TIER
