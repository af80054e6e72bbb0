// The screening kernel: tensor cores find each row's survivors among a block's share of the codes, then the block ranks
// them exactly, as search_tiles ranks all.
#pragma once
#include "search/screen/survivors.cuh"

namespace mvq::cuda {
namespace {

/* What is listed of a tile at once, in products of a warp, and how many survivors may wait for more to be ranked. A
 * free mask's bound is wider, its limit lowered by ranking alone: it lists quarters of a tile and ranks sooner. */
template <Screened what>
constexpr int PART = what == Screened::free ? N_TILES / 4 : N_TILES;
template <Screened what>
constexpr unsigned FEW_SURVIVORS = what == Screened::free ? MOST_SURVIVORS / 4 : MOST_SURVIVORS / 2;

/* ranks and results as search_tiles; again (gridDim.y, gridDim.x): whether search_tiles must do the block's work. */
template <Screened what>
__global__ void __launch_bounds__(THREADS, 2)
    screen_tiles(Search s, uint32_t tiles_a_share, Halved halved, uint64_t* ranks, Results results, uint32_t* again) {
  SHARED_ARRAY(uint32_t, row_halves, [2][SCREEN_SIDE][PIECE_WORDS]);
  SHARED_ARRAY(uint32_t, code_halves, [2][SCREEN_SIDE][PIECE_WORDS]);
  SHARED_ARRAY(Bound, code_bounds, [2][SCREEN_SIDE]);  // of this tile and the next
  SHARED_ARRAY(Survivor, survivors, [MOST_SURVIVORS]);
  SHARED_ARRAY(float, norm, [SCREEN_SIDE]);
  SHARED_ARRAY(float, row_scale, [SCREEN_SIDE]);
  SHARED_ARRAY(float, offset, [SCREEN_SIDE]);
  SHARED_ARRAY(int, least_upper, [SCREEN_SIDE]);
  SHARED_ARRAY(float, limit, [SCREEN_SIDE]);  // as of the last part
  SHARED_ARRAY(unsigned long long, best, [SCREEN_SIDE]);
  SHARED_ARRAY(unsigned, count, [1]);
  const ScreenedRows rows{norm, row_scale, offset, least_upper, best};
  const int64_t first_row = int64_t{blockIdx.x} * SCREEN_SIDE;
  const uint32_t first_tile = blockIdx.y * tiles_a_share, tiles = (s.k + SCREEN_SIDE - 1) / SCREEN_SIDE;
  const uint32_t end_tile = first_tile + tiles_a_share < tiles ? first_tile + tiles_a_share : tiles;

  // the copies run a piece ahead of the products, a tile's bounds with its first piece
  uint32_t ahead_tile = first_tile, ahead_word = 0;
  const auto copy_ahead = [&](int stage) {
    if (ahead_tile < end_tile) {
      if (ahead_word == 0 && threadIdx.x < SCREEN_SIDE)
        begin_copy_16(reinterpret_cast<uint32_t*>(&code_bounds[ahead_tile % 2][threadIdx.x]),
                      reinterpret_cast<const uint32_t*>(halved.code_bounds + ahead_tile * SCREEN_SIDE + threadIdx.x));
      begin_pieces(halved.rows + first_row * halved.words + ahead_word, halved.words, row_halves[stage]);
      begin_pieces(halved.codes + int64_t{ahead_tile} * SCREEN_SIDE * halved.words + ahead_word, halved.words,
                   code_halves[stage]);
    }
    end_copy_group();
    if ((ahead_word += PIECE_WORDS) >= halved.words) ahead_word = 0, ++ahead_tile;
  };
  copy_ahead(0);

  if (threadIdx.x == 0) count[0] = 0;
  if (threadIdx.x < SCREEN_SIDE) {
    const bool inside = first_row + threadIdx.x < s.n;
    const Bound bound = halved.row_bounds[first_row + threadIdx.x];
    norm[threadIdx.x] = bound.norm;
    row_scale[threadIdx.x] = bound.scale;
    offset[threadIdx.x] = inside ? bound.upper : __uint_as_float(0xFF800000u);
    least_upper[threadIdx.x] = ordered(__uint_as_float(0x7F800000u));
    best[threadIdx.x] = inside ? NO_RANK : 0;  // 0: a known distance, so that nothing is near enough
  }
  __syncthreads();
  int stage = 0;
  bool too_many = false;
  for (uint32_t tile = first_tile; tile < end_tile && !too_many; ++tile) {
    float product[M_TILES][N_TILES][4] = {};
#pragma unroll 1
    for (uint32_t word = 0; word < halved.words; word += PIECE_WORDS) {
      wait_copies<0>();
      __syncthreads();  // this piece's copies have landed, and all are done with the stage that is filled next
      copy_ahead(stage ^ 1);
      multiply_piece(row_halves[stage], code_halves[stage], product);
      stage ^= 1;
    }
    const uint32_t codes = s.k - tile * SCREEN_SIDE;
    const RowTerms terms(rows, halved.slack);  // read anew each tile: the products need the registers
    const auto set_limits = [&] {
      if (threadIdx.x < SCREEN_SIDE) limit[threadIdx.x] = rows.limit<what>(int(threadIdx.x));
    };
    int from = 0;
    if (tile == first_tile) {  // it only lowers the bounds at first
      lower_bounds<what>(terms, code_bounds[tile % 2], codes, product, rows);
      __syncthreads();
      if constexpr (what == Screened::free) {  // by ranking what its least lower bounds leave of it, part -1
        if (threadIdx.x < SCREEN_SIDE) limit[threadIdx.x] = rows.least_lower(int(threadIdx.x));
        from = -PART<what>;
      } else {
        set_limits();
        __syncthreads();
      }
    }
#pragma unroll(what == Screened::free ? 1 : 2)
    for (bool more = true; more; from += PART<what>) {
      if constexpr (what == Screened::free) __syncthreads();  // the limits are set, and all have read the count
      list_survivors<what>(terms, code_bounds[tile % 2], codes, tile * SCREEN_SIDE, product, from,
                           from < 0 ? N_TILES : from + PART<what>, limit, rows, survivors, count[0]);
      __syncthreads();
      const unsigned found = count[0];
      if constexpr (what != Screened::free) set_limits();
      too_many = found > MOST_SURVIVORS;
      more = what == Screened::free && from + PART<what> < N_TILES && !too_many;
      const bool last = tile + 1 == end_tile && !more;
      if (too_many || (found <= FEW_SURVIVORS<what> && from >= 0 && !last)) continue;
      rank_survivors<what>(s, first_row, survivors, found, rows);
      __syncthreads();  // the list is read
      if (threadIdx.x == 0) count[0] = 0;
      if constexpr (what == Screened::free) set_limits();
    }
    // the next piece's barrier comes before the limits are read and the list is written to
  }
  wait_copies<0>();
  if (threadIdx.x == 0) again[blockIdx.y * gridDim.x + blockIdx.x] = too_many;
  if (too_many || threadIdx.x >= SCREEN_SIDE || first_row + threadIdx.x >= s.n) return;
  if (ranks) ranks[blockIdx.y * s.n + first_row + threadIdx.x] = best[threadIdx.x];
  else results.write(first_row + threadIdx.x, best[threadIdx.x]);
}

}  // namespace
}  // namespace mvq::cuda
