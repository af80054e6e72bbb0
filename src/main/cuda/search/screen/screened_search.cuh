// The host's part of a screened search, and when it is worth its launches.
#pragma once
#include "abi/workspace.hpp"
#include "search/screen/free_features.cuh"
#include "search/screen/screen_kernel.cuh"
#include "search/search.cuh"

namespace mvq::cuda {
namespace {

/* Below, looking at the products costs what they save; above, halves are not counted in 32 bits and codes not in
 * CODE_BITS. */
inline bool may_screen(int64_t k, int64_t d) {
  return k >= 256 && k <= int64_t{1} << CODE_BITS && d >= 32 && d <= int64_t{1} << 24;
}

/* A bank's virtual codes are halved one by one, where other searches need nothing of them: only as long as they take no
 * more than a quarter of a gibibyte. */
inline bool may_screen_bank(int64_t k, int64_t d) {
  return may_screen(k, d) && k * (padded_words(d) * 4 + int64_t{sizeof(Bound)}) <= int64_t{1} << 28;
}

/* A free mask takes four times the halves, for which its exact search must be long enough. */
inline bool may_screen_free(int64_t k, int64_t d) {
  return may_screen(k, FEATURES * d) && d >= 32 && k >= 1024 && k * d >= int64_t{1} << 16;
}

struct ScreenLayout {
  uint64_t* ranks;  // where the workspace begins
  Halved halved;
  uint32_t* again;  // (shares, row tiles)
  float* node;      // one; of a free mask
  int64_t bytes;

  /* may: whether it is screened at all; d: halves a vector; with a bank k counts virtual codes. */
  ScreenLayout(int64_t n, int64_t k, int64_t d, bool may, void* base)
      : halved{uint32_t(padded_words(d)), nullptr, nullptr, nullptr, nullptr, Slack(int32_t(d))} {
    Workspace workspace(base);
    ranks = reinterpret_cast<uint64_t*>(workspace.take<char>(search_bytes(n, k)));
    const int64_t rows = may ? whole_tiles(n) : 0, codes = may ? whole_tiles(k) : 0;
    halved.row_bounds = workspace.take<Bound>(rows);  // whole tiles leave no gap: codes follow the rows
    halved.code_bounds = workspace.take<Bound>(codes);
    halved.rows = workspace.take<uint32_t>(rows, halved.words);
    halved.codes = workspace.take<uint32_t>(codes, halved.words);
    again = workspace.take<uint32_t>(may ? larger(pieces(n, SCREEN_SIDE), MOST_BLOCKS) : 0);
    node = workspace.take<float>(may ? 1 : 0);
    bytes = workspace.bytes();
  }
};

/* The shares that a search was cut into if it is worth screening, as search_shares; else 0, and nothing is done. */
template <Screened what>
int64_t screen_shares(const Search& s, const Results& results, const Device& device, const char* name, void* workspace,
                      bool want_ranks) {
  constexpr bool bank = what == Screened::bank, free = what == Screened::free;
  const bool may = free ? may_screen_free(s.k, s.d) : bank ? may_screen_bank(s.k, s.d) : may_screen(s.k, s.d);
  if (!may || double(s.n) * s.k * s.d < tuning.least_to_screen || !has_tensor_cores(device)) return 0;
  const int64_t blocks = resident_blocks(device, name, screen_tiles<what>, THREADS, 0);
  const int64_t row_tiles = pieces(s.n, SCREEN_SIDE), code_tiles = pieces(s.k, SCREEN_SIDE);
  if (row_tiles * code_tiles < blocks / 2) return 0;
  const int64_t shares = shares_for(row_tiles, code_tiles, blocks), tiles_a_share = pieces(code_tiles, shares);
  const ScreenLayout layout(s.n, s.k, free ? int64_t{FEATURES} * s.d : s.d, true, workspace);
  const dim3 grid(grid_size(row_tiles), unsigned(shares));
  const dim3 vectors(grid_size((whole_tiles(s.n) + whole_tiles(s.k)) / VECTORS_A_HALVE));
  uint64_t* ranks = shares > 1 || want_ranks ? layout.ranks : nullptr;
  if constexpr (free) {
    launch(device, name, choose_node<what>, dim3(1), WARP, 0, s, layout.node);
    launch(device, name, halve_features<what>, vectors, FINISH_THREADS, 0, s, layout.halved, layout.node);
  } else {
    launch(device, name, halve<bank>, vectors, FINISH_THREADS, 0, s, layout.halved);
  }
  launch(device, name, screen_tiles<what>, grid, THREADS, 0, s, uint32_t(tiles_a_share), layout.halved, ranks, results,
         layout.again);
  // blocks that had more survivors than room for them; the others end at once
  launch(device, name, search_tiles < LargeTile, free ? Term::free : Term::full, bank >, grid, THREADS, 0, s,
         uint32_t(tiles_a_share), ranks, results, layout.again);
  return shares;
}

/* The whole search, if it is worth screening; else returns false and has done nothing. */
template <Screened what>
bool search_screened(const Search& s, const Results& results, const Device& device, const char* name, void* workspace) {
  const int64_t shares = screen_shares<what>(s, results, device, name, workspace, false);
  if (shares > 1)
    launch(device, name, finish_search, dim3(grid_size(pieces(s.n, ROWS_A_FINISH))), FINISH_THREADS, 0,
           static_cast<const uint64_t*>(workspace), s.n, int(shares), results);
  return shares > 0;
}

}  // namespace
}  // namespace mvq::cuda
