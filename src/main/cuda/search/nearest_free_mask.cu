// Free mask: each code under its own best mask, any or with exactly `kept` ones; then the winner's mask, a warp a row.
#include "search/kept_exactly.cuh"
#include "search/screen/screened_search.cuh"

namespace mvq::cuda {
namespace {

/* The 64 bits of one mask word from two ballots; whole warp. keeps(dimension) is asked in ascending order of
 * `first`. */
template <class Keeps>
__device__ __forceinline__ void write_mask(uint64_t* mask, int d, Keeps keeps) {
  const int lane = int(threadIdx.x) % WARP;
  for (int first = 0; first < d; first += 64) {
    const uint32_t low = __ballot_sync(ALL_LANES, keeps(first + lane));
    const uint32_t high = __ballot_sync(ALL_LANES, keeps(first + WARP + lane));
    if (lane == 0) mask[first / 64] = low | uint64_t{high} << 32;
  }
}

/* Kept where the code brings the term down, strictly. */
__device__ __forceinline__ void write_free_mask(const KeptSearch& s, const float* z, const float* e, uint64_t* mask) {
  write_mask(mask, s.d, [&](int i) { return i < s.d && fabsf(e[i] - z[i]) < fabsf(z[i]); });
}

__device__ __forceinline__ void write_kept_mask(const KeptSearch& s, const float* z, const float* e, uint64_t* mask) {
  const int lane = int(threadIdx.x) % WARP;
  const Threshold threshold = find_threshold(
      s.kept,
      [&](float limit) {
        int below = 0;
        for (int i = lane; i < s.d; i += WARP) below += cost_of_keeping(z[i], e[i]) < limit;
        for (int step = WARP / 2; step > 0; step /= 2) below += __shfl_xor_sync(ALL_LANES, below, step);
        return below;
      },
      [](bool all) { return all; });
  int quota = threshold.quota;  // ties that may still be kept; equal in all lanes
  write_mask(mask, s.d, [&](int i) {
    const float cost = i < s.d ? cost_of_keeping(z[i], e[i]) : 0.0f;
    const uint32_t ties = __ballot_sync(ALL_LANES, i < s.d && cost == threshold.limit);
    const bool first_ties = __popc(ties & ((1u << lane) - 1)) < quota;
    quota = quota > __popc(ties) ? quota - __popc(ties) : 0;
    return i < s.d && (cost < threshold.limit || (cost == threshold.limit && first_ties));
  });
}

__global__ void __launch_bounds__(FINISH_THREADS)
    finish_free_mask(const uint64_t* ranks, int shares, KeptSearch s, Results results, uint64_t* masks) {
  const int64_t row = int64_t{blockIdx.x} * ROWS_A_FINISH + threadIdx.x / WARP, words = mask_words(s.d);
  if (row >= s.n) return;  // a whole warp
  const uint64_t rank = least_of_shares(ranks, s.n, shares, row);
  if (threadIdx.x % WARP == 0) results.write(row, rank);
  uint64_t* mask = masks + row * words;
  const float *z = s.rows + row * s.rows_stride, *e = s.codes + uint32_t(rank) * s.codes_stride;
  if (rank >= NO_RANK)
    for (int64_t word = threadIdx.x % WARP; word < words; word += WARP) mask[word] = 0;
  else if (s.kept < 0) write_free_mask(s, z, e, mask);
  else write_kept_mask(s, z, e, mask);
}

int64_t most_shares_kept(const mvq_nearest_free_mask_args& args) {
  return smaller(pieces(args.k, KEPT_CODES), larger(1, MOST_BLOCKS / larger(1, pieces(args.n, KEPT_ROWS))));
}

}  // namespace

int64_t nearest_free_mask_workspace_bytes(const mvq_nearest_free_mask_args& args) {
  // at least one share: the masks are made from the ranks
  if (args.kept >= 0) return ranks_bytes(args.n, most_shares_kept(args));
  return ScreenLayout(args.n, args.k, FEATURES * args.d, may_screen_free(args.k, args.d), nullptr).bytes;
}

void nearest_free_mask(const mvq_nearest_free_mask_args& args, const Device& device, void* workspace) {
  if (args.n == 0) return;
  constexpr const char* WHAT = "nearest_free_mask";
  uint64_t* ranks = static_cast<uint64_t*>(workspace);
  const KeptSearch kept{args.n,    uint32_t(args.k), int32_t(args.d), int32_t(args.kept),
                        args.rows, args.rows_stride, args.codes,      args.codes_stride};
  const Results results{args.index, args.distance};
  int64_t shares;
  if (args.kept < 0) {
    const Search s{args.n, kept.k, kept.d, args.rows, args.rows_stride, args.codes, args.codes_stride};
    shares = screen_shares<Screened::free>(s, results, device, WHAT, workspace, true);
    if (shares == 0) shares = search_shares<Term::free, false>(s, results, device, WHAT, ranks, true);
  } else {
    const int64_t row_tiles = pieces(args.n, KEPT_ROWS), code_tiles = pieces(args.k, KEPT_CODES);
    shares = shares_for(row_tiles, code_tiles, resident_blocks(device, WHAT, search_kept_exactly, KEPT_THREADS, 0));
    launch(device, WHAT, search_kept_exactly, dim3(grid_size(row_tiles), unsigned(shares)), KEPT_THREADS, 0, kept,
           uint32_t(pieces(code_tiles, shares)), ranks);
  }
  launch(device, WHAT, finish_free_mask, dim3(grid_size(pieces(args.n, ROWS_A_FINISH))), FINISH_THREADS, 0, ranks,
         int(shares), kept, results, args.mask);
}

}  // namespace mvq::cuda
