// Codebook sums for tables that fit a cache: the rows are read once, in the order in which they lie, and added to a
// table of float64 sums. Threads share out the columns, then the codes: each sum belongs to one thread and takes its
// rows in ascending order, whatever their number.
#pragma once
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

/* A thread's part of the table. */
struct SumsPart {
  int64_t first_code, end_code, first_column, end_column;
};

/* table (k, d): the part's sums, then in float32 to args.sums. */
void stream_part(const mvq_codebook_sums_args& args, const SumsPart& part, double* table) {
  const int64_t wide = part.first_column + (part.end_column - part.first_column) / SUM_LANES * SUM_LANES;
  const bool counts = part.first_column == 0;
  for (int64_t k = part.first_code; k < part.end_code; ++k) {
    for (int64_t x = part.first_column; x < part.end_column; ++x) table[k * args.d + x] = 0;
    if (counts) args.counts[k] = 0;
  }
  for (int64_t i = 0; i < args.n; ++i) {
    const int64_t code = args.index[i];
    if (code < part.first_code || code >= part.end_code) continue;  // also -1
    if (counts) ++args.counts[code];
    const float* row = args.rows + i * args.rows_stride;
    double* sums = table + code * args.d;
    int64_t x = part.first_column;
#pragma GCC unroll 4
    for (; x < wide; x += SUM_LANES) add_doubles(sums + x, row + x);
    for (; x < part.end_column; ++x) sums[x] += double(row[x]);
  }
  for (int64_t k = part.first_code; k < part.end_code; ++k)
    for (int64_t x = part.first_column; x < part.end_column; ++x)
      args.sums[k * args.d + x] = float(table[k * args.d + x]);
}

void stream_sums(const mvq_codebook_sums_args& args, int threads, double* table) {
  constexpr int64_t COLUMNS = 16;  // at least: a cache line of a row
  threads = worthwhile(threads, FLOPS_A_FLOAT_READ * args.n * args.d);
  const int64_t lines = round_up(args.d, COLUMNS) / COLUMNS, sharers = smaller(threads, lines);
  const int64_t columns = round_up(lines, sharers) / sharers * COLUMNS, across = round_up(args.d, columns) / columns;
  const int64_t down = larger(1, threads / across), codes = round_up(args.k, down) / down;
  for_each_task(threads, across * (round_up(args.k, codes) / codes), [&](int64_t task, int) {
    const int64_t column = task % across * columns, code = task / across * codes;
    stream_part(args, {code, smaller(args.k, code + codes), column, smaller(args.d, column + columns)}, table);
  });
}

}  // namespace
}  // namespace mvq::MVQ_TIER
