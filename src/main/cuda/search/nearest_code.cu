// Nearest code: all codes or the allowed ones, all dimensions or those that a row mask keeps.
#include "search/screen/screened_search.cuh"

namespace mvq::cuda {

int64_t nearest_code_workspace_bytes(const mvq_nearest_code_args& args) {
  return ScreenLayout(args.n, args.k, args.d, may_screen(args.k, args.d), nullptr).bytes;
}

void nearest_code(const mvq_nearest_code_args& args, const Device& device, void* workspace) {
  if (args.n == 0) return;
  Search s{args.n, uint32_t(args.k), int32_t(args.d), args.rows, args.rows_stride, args.codes, args.codes_stride};
  s.allowed = args.allowed;
  s.allowed_stride = args.allowed_stride;
  s.row_mask = args.row_mask;
  s.row_mask_stride = args.row_mask_stride;
  const Results results{args.index, args.distance};
  if (args.row_mask) search<Term::row_masked, false>(s, results, device, "nearest_code", workspace);
  else if (args.allowed || !search_screened<Screened::codes>(s, results, device, "nearest_code", workspace))
    search<Term::full, false>(s, results, device, "nearest_code", workspace);
}

}  // namespace mvq::cuda
