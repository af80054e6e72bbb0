// Codebook sums for tables that fit a cache: the rows are read once, in the order in which they lie, and added to a
// table of float64 sums. Threads share out the columns, then the codes: each sum belongs to one thread and takes its
// rows in ascending order, whatever their number.
#pragma once
#include <algorithm>

#include "abi/threads.hpp"
#include "abi/tier.hpp"
#include "simd/pack.hpp"

namespace mvq::MVQ_TIER {
namespace {

constexpr int SUM_LANES = W > 1 ? W / 2 : 1;  // float64 takes twice the room
typedef float sum_floats __attribute__((vector_size(4 * SUM_LANES), aligned(4), may_alias));
typedef double sum_doubles __attribute__((vector_size(8 * SUM_LANES), aligned(8), may_alias));

/* sums (SUM_LANES) += row. */
MVQ_INLINE void add_doubles(double* sums, const float* row) {
  *reinterpret_cast<sum_doubles*>(sums) +=
      __builtin_convertvector(*reinterpret_cast<const sum_floats*>(row), sum_doubles);
}

/* A task's part of the codes and columns. */
struct SumsPart {
  int64_t first_code, end_code, first_column, end_column;
};

/* Calls body(i, its code less the part's first) for each row i with a code of the part, in ascending order. */
template <class Body>
MVQ_INLINE void for_each_row(const mvq_codebook_sums_args& args, const SumsPart& part, Body body) {
  const int64_t *index = args.index, n = args.n, first = part.first_code, codes = part.end_code - first;
  if (codes == args.k) {
    for (int64_t i = 0; i < n; ++i)
      if (uint64_t(index[i]) < uint64_t(codes)) body(i, index[i]);  // not so for -1
    return;
  }
  constexpr int64_t BLOCK = 512;
  int32_t rows[BLOCK];  // of the part, listed without a branch that nobody could guess
  for (int64_t begin = 0; begin < n; begin += BLOCK) {
    int64_t count = 0;
    for (int64_t i = 0; i < smaller(BLOCK, n - begin); ++i) {
      rows[count] = int32_t(i);
      count += uint64_t(index[begin + i] - first) < uint64_t(codes);
    }
    for (int64_t j = 0; j < count; ++j) body(begin + rows[j], index[begin + rows[j]] - first);
  }
}

/* The part's sums, in a table of its own (codes, columns), then in float32 to args.sums. In one table of all parts a
 * core would fetch ahead what another writes to. */
void stream_part(const mvq_codebook_sums_args& args, const SumsPart& part, double* table) {
  const int64_t columns = part.end_column - part.first_column, codes = part.end_code - part.first_code;
  const int64_t wide = columns / SUM_LANES * SUM_LANES;
  int64_t* counts = part.first_column == 0 ? args.counts + part.first_code : nullptr;
  constexpr int64_t AHEAD = 16;                                // rows
  const bool long_pieces = columns < args.d && columns >= 96;  // too far from one another for the CPU to foresee
  std::fill_n(table, codes * columns, 0.0);
  if (counts) std::fill_n(counts, codes, 0);
  const float* rows = args.rows + part.first_column;
  for_each_row(
      args, part, [ =, n = args.n, stride = args.rows_stride ](int64_t i, int64_t code) __attribute__((always_inline)) {
        const float* row = rows + i * stride;
        if (long_pieces && i + AHEAD < n)
          for (int64_t x = 0; x < columns; x += 16) __builtin_prefetch(row + AHEAD * stride + x);
        if (counts) ++counts[code];
        double* sums = table + code * columns;
        int64_t x = 0;
#pragma GCC unroll 4
        for (; x < wide; x += SUM_LANES) add_doubles(sums + x, row + x);
        for (; x < columns; ++x) sums[x] += double(row[x]);
      });
  for (int64_t k = 0; k < codes; ++k)
    for (int64_t x = 0; x < columns; ++x)
      args.sums[(part.first_code + k) * args.d + part.first_column + x] = float(table[k * columns + x]);
}

void stream_sums(const mvq_codebook_sums_args& args, int threads, double* table) {
  constexpr int64_t COLUMNS = 16;  // at least: a cache line of a row
  threads = worthwhile(threads, FLOPS_A_FLOAT_READ * args.n * args.d);
  const int64_t lines = round_up(args.d, COLUMNS) / COLUMNS, sharers = smaller(threads, lines);
  const int64_t columns = round_up(lines, sharers) / sharers * COLUMNS, across = round_up(args.d, columns) / columns;
  const int64_t down = larger(1, threads / across), codes = round_up(args.k, down) / down;
  for_each_task(threads, across * (round_up(args.k, codes) / codes), [&](int64_t task, int) {
    const int64_t column = task % across * columns, code = task / across * codes;
    const SumsPart part{code, smaller(args.k, code + codes), column, smaller(args.d, column + columns)};
    stream_part(args, part, table + column * args.k + code * (part.end_column - column));
  });
}

}  // namespace
}  // namespace mvq::MVQ_TIER
