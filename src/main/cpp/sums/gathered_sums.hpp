// Codebook sums for many codes: the rows are sorted by code (a counting sort, so still in ascending order), and a code
// is summed by one thread alone.
#pragma once
#include "abi/threads.hpp"
#include "abi/tier.hpp"
#include "abi/workspace.hpp"
#include "simd/pack.hpp"

namespace mvq::MVQ_TIER {
namespace {

struct GatheredSums {
  int64_t* place;  // (k): where the rows of a code begin in `order`; their end once sorted
  int64_t* order;  // (n): row numbers by code
  double* sum;     // (workers, d rounded up to a cache line)
};

void sort_rows(const mvq_codebook_sums_args& args, const GatheredSums& room) {
  for (int64_t k = 0; k < args.k; ++k) args.counts[k] = 0;
  for (int64_t i = 0; i < args.n; ++i)
    if (args.index[i] >= 0) ++args.counts[args.index[i]];
  int64_t begin = 0;
  for (int64_t k = 0; k < args.k; begin += args.counts[k++]) room.place[k] = begin;
  for (int64_t i = 0; i < args.n; ++i)
    if (args.index[i] >= 0) room.order[room.place[args.index[i]]++] = i;
}

/* Sums the `count` rows listed in `order` into out (d). */
void sum_rows(const mvq_codebook_sums_args& args, const int64_t* order, int64_t count, double* sum, float* out) {
  for (int64_t d = 0; d < args.d; ++d) sum[d] = 0;
  for (int64_t i = 0; i < count; ++i) {
    const float* row = args.rows + order[i] * args.rows_stride;
    for (int64_t d = 0; d < args.d; ++d) sum[d] += double(row[d]);
  }
  for (int64_t d = 0; d < args.d; ++d) out[d] = float(sum[d]);
}

void gather_sums(const mvq_codebook_sums_args& args, int threads, const GatheredSums& room) {
  sort_rows(args, room);
  threads = worthwhile(threads, FLOPS_A_FLOAT_READ * args.n * args.d);
  const int64_t codes_a_task = larger(1, args.k / (8 * threads));
  for_each_task(threads, round_up(args.k, codes_a_task) / codes_a_task, [&](int64_t task, int worker) {
    for (int64_t k = task * codes_a_task; k < smaller(args.k, (task + 1) * codes_a_task); ++k)
      sum_rows(args, room.order + room.place[k] - args.counts[k], args.counts[k],
               room.sum + worker * round_up(args.d, 8), args.sums + k * args.d);
  });
}

}  // namespace
}  // namespace mvq::MVQ_TIER
