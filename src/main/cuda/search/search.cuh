// The host's part of a search: which tile, how many shares of the codes, the launches.
#pragma once
#include "search/search_kernel.cuh"

namespace mvq::cuda {
namespace {

inline int64_t pieces(int64_t whole, int64_t piece) { return (whole + piece - 1) / piece; }
inline int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }
inline int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

/* Codes are shared out among blocks only as far as the rows leave a device idle; no device is counted for more
 * blocks. */
constexpr int64_t MOST_BLOCKS = 2048;

inline int64_t shares_for(int64_t row_tiles, int64_t code_tiles, int64_t blocks) {
  const int64_t wanted = larger(1, smaller(blocks, MOST_BLOCKS) / larger(1, row_tiles));
  return pieces(code_tiles, pieces(code_tiles, smaller(code_tiles, wanted)));
}

/* Bytes for the ranks of n rows in the most shares there can be, on any device. */
inline int64_t ranks_bytes(int64_t n, int64_t most_shares) { return pieces(n * most_shares * 8, 64) * 64; }

template <class Tile>
int64_t most_shares(int64_t n, int64_t k) {
  return smaller(pieces(k, Tile::CODES), larger(1, MOST_BLOCKS / larger(1, pieces(n, Tile::ROWS))));
}
inline int64_t search_bytes(int64_t n, int64_t k) {
  return ranks_bytes(n, larger(most_shares<LargeTile>(n, k), most_shares<SmallTile>(n, k)));
}

/* The shares that a search was cut into: 1 = its results are written, unless ranks were asked for. */
template <class Tile, Term term, bool bank>
int64_t search_with(const Search& s, const Results& results, const Device& device, const char* what, uint64_t* ranks,
                    bool want_ranks, int64_t blocks) {
  const int64_t row_tiles = pieces(s.n, Tile::ROWS), code_tiles = pieces(s.k, Tile::CODES);
  const int64_t shares = shares_for(row_tiles, code_tiles, blocks);
  launch(device, what, search_tiles<Tile, term, bank>, dim3(grid_size(row_tiles), unsigned(shares)), THREADS, 0, s,
         uint32_t(pieces(code_tiles, shares)), shares > 1 || want_ranks ? ranks : nullptr, results,
         static_cast<const uint32_t*>(nullptr));
  return shares;
}

/* The large tile where it fills half of the device, for it reads shared memory half as often. */
template <Term term, bool bank>
int64_t search_shares(const Search& s, const Results& results, const Device& device, const char* what, uint64_t* ranks,
                      bool want_ranks) {
  using Tile = Tuning::Tile;
  const int64_t large = resident_blocks(device, what, search_tiles<LargeTile, term, bank>, THREADS, 0);
  const bool fills = pieces(s.n, LargeTile::ROWS) * pieces(s.k, LargeTile::CODES) >= large / 2;
  if (tuning.tile == Tile::large || (tuning.tile == Tile::chosen && fills))
    return search_with<LargeTile, term, bank>(s, results, device, what, ranks, want_ranks, large);
  const int64_t small = resident_blocks(device, what, search_tiles<SmallTile, term, bank>, THREADS, 0);
  return search_with<SmallTile, term, bank>(s, results, device, what, ranks, want_ranks, small);
}

/* The whole search. */
template <Term term, bool bank>
void search(const Search& s, const Results& results, const Device& device, const char* what, void* workspace) {
  uint64_t* ranks = static_cast<uint64_t*>(workspace);
  const int64_t shares = search_shares<term, bank>(s, results, device, what, ranks, false);
  if (shares > 1)
    launch(device, what, finish_search, dim3(grid_size(pieces(s.n, ROWS_A_FINISH))), FINISH_THREADS, 0, ranks, s.n,
           int(shares), results);
}

}  // namespace
}  // namespace mvq::cuda
