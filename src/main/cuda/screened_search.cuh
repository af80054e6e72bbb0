// The host's part of a screened search, and when it is worth its launches.
#pragma once
#include "../cpp/workspace.hpp"
#include "screen_kernel.cuh"
#include "search.cuh"

namespace mvq::cuda {
namespace {

constexpr int64_t SCREEN_LEAST_K = 256, SCREEN_LEAST_D = 32;  // below, looking at the products costs what they save

struct ScreenLayout {
  uint64_t* ranks;
  CodeBound* bounds;  // (k)
  uint32_t* again;    // (shares, row tiles)
  int64_t bytes;

  ScreenLayout(int64_t n, int64_t k, void* base) {
    Workspace workspace(base);
    ranks = reinterpret_cast<uint64_t*>(workspace.take<char>(search_bytes(n, k)));
    bounds = workspace.take<CodeBound>(k);
    again = workspace.take<uint32_t>(larger(pieces(n, SCREEN_ROWS), MOST_BLOCKS));
    bytes = workspace.bytes();
  }
};

/* Does the search if it is worth screening; else returns false and has done nothing. */
inline bool search_screened(const Search& s, const Results& results, const Device& device, const char* what, void* workspace) {
  if (s.k < SCREEN_LEAST_K || s.d < SCREEN_LEAST_D || !has_tensor_cores(device)) return false;
  const int64_t blocks = resident_blocks(device, what, screen_tiles, THREADS, 0);
  const int64_t row_tiles = pieces(s.n, SCREEN_ROWS), code_tiles = pieces(s.k, SCREEN_CODES);
  if (row_tiles * code_tiles < blocks / 2) return false;
  const ScreenLayout layout(s.n, s.k, workspace);
  const int64_t shares = shares_for(row_tiles, code_tiles, blocks);
  const dim3 grid(grid_size(row_tiles), unsigned(shares));
  const uint32_t tiles_a_share = uint32_t(pieces(code_tiles, shares));
  uint64_t* ranks = shares > 1 ? layout.ranks : nullptr;
  launch(device, what, bound_codes, dim3(grid_size(pieces(s.k, ROWS_A_FINISH))), FINISH_THREADS, 0, s, layout.bounds);
  launch(device, what, screen_tiles, grid, THREADS, 0, s, tiles_a_share, layout.bounds, ranks, results, layout.again);
  // blocks that had more survivors than room for them; the others end at once
  launch(device, what, search_tiles<LargeTile, Term::full, false>, grid, THREADS, 0, s, tiles_a_share, ranks, results,
         layout.again);
  if (shares > 1)
    launch(device, what, finish_search, dim3(grid_size(pieces(s.n, ROWS_A_FINISH))), FINISH_THREADS, 0, ranks, s.n,
           int(shares), results);
  return true;
}

}  // namespace
}  // namespace mvq::cuda
