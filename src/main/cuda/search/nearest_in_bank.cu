// Mask bank: a search among k * m virtual codes that exist in shared memory alone, where a copy leaves 0 for what a
// mask drops.
#include "search/search.cuh"

namespace mvq::cuda {

int64_t nearest_in_bank_workspace_bytes(const mvq_nearest_in_bank_args& args) {
  return search_bytes(args.n, args.k * args.m);
}

void nearest_in_bank(const mvq_nearest_in_bank_args& args, const Device& device, void* workspace) {
  if (args.n == 0) return;
  Search s{args.n,     uint32_t(args.k * args.m), int32_t(args.d), args.rows, args.rows_stride,
           args.codes, args.codes_stride};
  s.bank = args.bank;
  s.m = Divider(uint32_t(args.m));
  search<Term::full, true>(s, {args.index, args.distance, args.mask_index, s.m}, device, "nearest_in_bank", workspace);
}

}  // namespace mvq::cuda
