// Mask bank: a search among k * m virtual codes, which are 0 where their mask drops a dimension. Screened as any codes;
// else they exist in shared memory alone, where a copy leaves the 0.
#include "search/screen/screened_search.cuh"

namespace mvq::cuda {

int64_t nearest_in_bank_workspace_bytes(const mvq_nearest_in_bank_args& args) {
  const int64_t codes = args.k * args.m;
  return ScreenLayout(args.n, codes, args.d, may_screen_bank(codes, args.d), nullptr).bytes;
}

void nearest_in_bank(const mvq_nearest_in_bank_args& args, const Device& device, void* workspace) {
  if (args.n == 0) return;
  Search s{args.n,     uint32_t(args.k * args.m), int32_t(args.d), args.rows, args.rows_stride,
           args.codes, args.codes_stride};
  s.bank = args.bank;
  s.m = Divider(uint32_t(args.m));
  const Results results{args.index, args.distance, args.mask_index, s.m};
  if (!search_screened<Screened::bank>(s, results, device, "nearest_in_bank", workspace))
    search<Term::full, true>(s, results, device, "nearest_in_bank", workspace);
}

}  // namespace mvq::cuda
