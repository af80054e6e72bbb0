// The first layer of a screen in halves, by tables: of every NIBBLE channels all 16 sums of weights times latents, so
// that a hypothesis adds one line of halves a nibble of its mask. A stretch of units has its tables side by side: they
// are filled and used while they lie in the first-level cache.
#pragma once
#include "selection/screen/half_row.hpp"
#if defined(MVQ_SCREEN_IN_HALVES)

namespace mvq::MVQ_TIER {
namespace {

/* The 16 sums of NIBBLE channels for 2 * W units, in halves -> table (16, WIDTH). A line is the sum of two rounded
 * ones. */
template <int WIDTH>
MVQ_INLINE void fill_table(const float* weight, const float* latents, int64_t units, const vf start[2],
                           int16_t* table) {
  vf x[NIBBLE][2];
#pragma GCC unroll 4
  for (int i = 0; i < NIBBLE; ++i)
    for (int v = 0; v < 2; ++v) x[i][v] = load(weight + i * units + v * W) * broadcast(latents[i]);
  const auto halves = [](const vf* sum) { return pack_halves(round_to_int(sum[0]), round_to_int(sum[1])); };
  vf second[2], third[2], both[2], none[2] = {start[0], start[1]};
  for (int v = 0; v < 2; ++v)
    second[v] = none[v] + x[2][v], third[v] = none[v] + x[3][v], both[v] = second[v] + x[3][v];
  const vi high[4] = {halves(none), halves(second), halves(third), halves(both)};
  for (int v = 0; v < 2; ++v) both[v] = x[0][v] + x[1][v];
  const vi low[3] = {halves(x[0]), halves(x[1]), halves(both)};
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    store_int(table + 4 * i * WIDTH, high[i]);
#pragma GCC unroll 3
    for (int j = 0; j < 3; ++j) store_int(table + (4 * i + j + 1) * WIDTH, add_halves(high[i], low[j]));
  }
}

/* The tables of units o..o + WIDTH - 1 -> tables (nibbles, 16, WIDTH). The bias is in the first. */
template <int WIDTH>
MVQ_INLINE void fill_tables(const HalfHead& head, const HalfRoom& room, int64_t o, int16_t* tables) {
  const vf bias_scale = broadcast(room.bias_scale), zero = broadcast(0);
  for (int64_t q = 0; q < head.nibbles; ++q)
    for (int64_t v = 0; v < WIDTH; v += 2 * W) {
      vf start[2] = {zero, zero};
      if (q == 0) start[0] = load(head.bias + o + v) * bias_scale, start[1] = load(head.bias + o + v + W) * bias_scale;
      fill_table<WIDTH>(head.first + q * NIBBLE * head.units + o + v, room.latents + q * NIBBLE, head.units, start,
                        tables + q * 16 * WIDTH + v);
    }
}

/* WIDTH activations of one hypothesis, and the sums of the squares of their high bytes. */
template <int WIDTH>
MVQ_INLINE void activate(const HalfHead& head, const HalfRoom& room, const int16_t* table, const uint64_t* mask,
                         int16_t* active, int32_t* squares) {
  constexpr int V = WIDTH / (2 * W);
  vi sum[V];
#pragma GCC unroll 8
  for (int v = 0; v < V; ++v) sum[v] = broadcast_int(0);
  for (int64_t q = 0; q < head.nibbles; q += 16, ++mask) {
    uint64_t bits = *mask;
    const int64_t end = smaller(16, head.nibbles - q);
    for (int64_t i = 0; i < end; ++i, bits >>= NIBBLE, table += 16 * WIDTH) {
      const int16_t* line = table + (bits & 15) * WIDTH;
#pragma GCC unroll 8
      for (int v = 0; v < V; ++v) sum[v] = add_halves(sum[v], load_int(line + v * 2 * W));
    }
  }
  vi total = load_int(squares);
#pragma GCC unroll 8
  for (int v = 0; v < V; ++v) {
    const vi x = scale_halves(larger_halves(sum[v], broadcast_int(0)), room.shrink);
    store_int(active + v * 2 * W, x);
    const vi high = shift_halves<7>(x);
    add_dot_halves(total, high, high);
  }
  store_int(squares, total);
}

/* Units o..o + WIDTH - 1 of `count` hypotheses; `fill`: of a new row, whose tables are still to be made. */
template <int WIDTH>
MVQ_NOINLINE void activate_units(const HalfHead& head, const HalfRoom& room, const uint64_t* masks, int64_t count,
                                 int64_t o, bool fill) {
  int16_t* tables = room.tables + o * head.nibbles * 16;
  if (fill) fill_tables<WIDTH>(head, room, o, tables);
  const int64_t words = mask_words(head.c);
  for (int64_t j = 0; j < count; ++j)
    activate<WIDTH>(head, room, tables, masks + j * words, room.active + j * head.units + o, room.squares + j * W);
}

/* The activations of `count` hypotheses; in lanes past the last one 0, not what a workspace holds: garbage may leave
 * the range of int32 when it is summed. */
void activate_block(const HalfHead& head, const HalfRoom& room, const uint64_t* masks, int64_t count, bool fill) {
  const int64_t tail = round_up(count, W) - count;
  __builtin_memset(room.squares, 0, (count + tail) * W * sizeof *room.squares);
  __builtin_memset(room.active + count * head.units, 0, tail * head.units * sizeof *room.active);
  __builtin_memset(room.totals + count * W, 0, tail * W * sizeof *room.totals);
  constexpr int64_t WIDE = 2 * UNITS;  // as many units as the tables of 32 channels leave room for
  int64_t o = 0;
  for (; head.nibbles <= 8 && o + WIDE <= head.units; o += WIDE)
    activate_units<WIDE>(head, room, masks, count, o, fill);
  for (; o < head.units; o += UNITS) activate_units<UNITS>(head, room, masks, count, o, fill);
}

}  // namespace
}  // namespace mvq::MVQ_TIER
#endif
