// Counts and sums of the rows of each code, by one of two ways with the same bits.
#pragma once
#include "sums/gathered_sums.hpp"
#include "sums/streamed_sums.hpp"

namespace mvq::MVQ_TIER {
namespace {

/* Whether to stream: the table must stay in a cache, and its clearing be little beside the rows, or these in no
 * cache. */
MVQ_INLINE bool worth_streaming(const mvq_codebook_sums_args& args) {
  constexpr int64_t MOST_TABLE_BYTES = 4 << 20, CACHED_ROW_BYTES = 1 << 20, ROWS_A_CODE = 16;
  return 8 * args.k * args.d <= MOST_TABLE_BYTES &&
         (args.n >= ROWS_A_CODE * args.k || 4.0 * args.n * args.d > CACHED_ROW_BYTES);
}

struct CodebookSumsLayout {
  double* table = nullptr;  // (k, d), if streamed
  GatheredSums gathered{};
  int64_t bytes;

  CodebookSumsLayout(const mvq_codebook_sums_args& args, int threads, void* base) {
    Workspace workspace(base);
    if (worth_streaming(args)) {
      table = workspace.take<double>(args.k, args.d);
    } else {
      gathered.place = workspace.take<int64_t>(args.k);
      gathered.order = workspace.take<int64_t>(args.n);
      gathered.sum = workspace.take<double>(threads, round_up(args.d, 8));
    }
    bytes = workspace.bytes();
  }
};

int64_t workspace_bytes(const mvq_codebook_sums_args& args, int threads) {
  return CodebookSumsLayout(args, threads, nullptr).bytes;
}

void codebook_sums(const mvq_codebook_sums_args& args, int threads, void* base) {
  const CodebookSumsLayout layout(args, threads, base);
  if (layout.table) stream_sums(args, threads, layout.table);
  else gather_sums(args, threads, layout.gathered);
}

}  // namespace
}  // namespace mvq::MVQ_TIER
