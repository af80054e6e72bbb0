// Nearest of the k * m virtual codes b_m * e_k: made a block at a time in the worker's cache and searched like codes.
#pragma once
#include "abi/tier.hpp"
#include "search/screen/screening.hpp"

namespace mvq::MVQ_TIER {
namespace {

struct NearestInBankLayout {
  int64_t mask_groups;   // of CODES masks; the last one repeats its first mask to the end, and a copy never wins
  int64_t block;         // groups a block
  uint32_t* keep_bits;   // (mask_groups, d, CODES): all ones where the mask keeps the dimension
  float* virtual_codes;  // (workers, block, d, CODES)
  Rows rows{};
  Screening screening;
  int64_t bytes;

  NearestInBankLayout(const mvq_nearest_in_bank_args& args, int threads, void* base)
      : NearestInBankLayout(args, threads, Workspace(base)) {}

 private:
  NearestInBankLayout(const mvq_nearest_in_bank_args& args, int threads, Workspace workspace)
      : mask_groups(round_up(args.m, CODES) / CODES),
        screening(workspace, worth_screening(args.n, args.k, args.d, args.m, Kind::bank), args.n, args.k, args.d,
                  args.m, Kind::bank, threads) {
    block = larger(1, smaller(args.k * mask_groups, BLOCK_BYTES / int64_t(sizeof(float)) / (args.d * CODES)));
    keep_bits = workspace.take<uint32_t>(mask_groups * CODES, args.d);
    virtual_codes = workspace.take<float>(threads, block * CODES, args.d);
    take_rows(workspace, args.n, args.d, threads, false, rows);
    bytes = workspace.bytes();
  }
};

int64_t workspace_bytes(const mvq_nearest_in_bank_args& args, int threads) {
  return NearestInBankLayout(args, threads, nullptr).bytes;
}

void expand_bank(const mvq_nearest_in_bank_args& args, const NearestInBankLayout& layout) {
  const int64_t words = mask_words(args.d);
  for (int64_t j = 0; j < layout.mask_groups * CODES; ++j) {
    const uint64_t* mask = args.bank + (j < args.m ? j : j / CODES * CODES) * words;
    uint32_t* out = layout.keep_bits + j / CODES * args.d * CODES + j % CODES;
    for (int64_t i = 0; i < args.d; ++i) out[i * CODES] = mask_bit(mask, i) ? ~0u : 0u;
  }
}

/* The virtual codes of groups first..end-1, counted over codes and, within a code, groups of masks. */
void make_virtual_codes(const mvq_nearest_in_bank_args& args, const NearestInBankLayout& layout, int64_t first,
                        int64_t end, float* out) {
  for (int64_t g = first; g < end; ++g) {
    const float* code = args.codes + g / layout.mask_groups * args.codes_stride;
    const uint32_t* bits = layout.keep_bits + g % layout.mask_groups * args.d * CODES;
    for (int64_t i = 0; i < args.d; ++i, bits += CODES, out += CODES)
      for (int r = 0; r < CODES; ++r)
        out[r] = __builtin_bit_cast(float, __builtin_bit_cast(uint32_t, code[i]) & bits[r]);
  }
}

/* Every row against every virtual code. A position is code * m + mask. */
void search_bank(const mvq_nearest_in_bank_args& args, const NearestInBankLayout& layout, const Rows& rows,
                 int threads) {
  expand_bank(args, layout);
  const int64_t groups = args.k * layout.mask_groups;
  threads = worthwhile(threads, 2.0 * rows.n * groups * CODES * args.d);
  const int64_t step = tiles_a_task(rows.n, threads) * TILE;
  for_each_task(threads, round_up(rows.n, step) / step, [&](int64_t task, int worker) {
    const int64_t begin = task * step, end = smaller(rows.n, begin + step);
    float* codes = layout.virtual_codes + worker * layout.block * CODES * args.d;
    forget_best(rows, begin, end);
    for (int64_t first = 0; first < groups; first += layout.block) {
      const int64_t last = smaller(groups, first + layout.block);
      make_virtual_codes(args, layout, first, last, codes);
      for (int64_t row = begin; row < end; row += TILE)
        scan<Term::full>(pack_tile(rows, row, worker), {codes, args.d, first * CODES, last * CODES});
    }
  });
  const int64_t masks_a_code = layout.mask_groups * CODES;
  for (int64_t i = 0; i < rows.n; ++i)
    if (rows.position[i] >= 0)
      rows.position[i] = int32_t(rows.position[i] / masks_a_code * args.m + rows.position[i] % masks_a_code);
}

void nearest_in_bank(const mvq_nearest_in_bank_args& args, int threads, void* base) {
  NearestInBankLayout layout(args, threads, base);
  Rows& rows = layout.rows;
  rows.n = args.n;
  rows.d = args.d;
  rows.rows = args.rows;
  rows.stride = args.rows_stride;
  const CodeList list{args.codes, args.codes_stride, nullptr, nullptr, args.k, args.d};
  search_best<Kind::bank>(rows, list, args.bank, mask_words(args.d), args.m, layout.screening, threads,
                          [&](const Rows& some) { search_bank(args, layout, some, threads); });
  for (int64_t i = 0; i < args.n; ++i) {
    const int64_t position = rows.position[i];
    args.index[i] = position < 0 ? -1 : position / args.m;
    args.mask_index[i] = position < 0 ? -1 : position % args.m;
    if (args.distance) args.distance[i] = position < 0 ? __builtin_inff() : rows.best[i];
  }
}

}  // namespace
}  // namespace mvq::MVQ_TIER
