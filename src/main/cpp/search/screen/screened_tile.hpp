// A tile of rows on its way through the screen: its bytes, and how good a score must be to matter.
#pragma once
#include "search/screen/bank_codes.hpp"
#include "search/screen/tile_scores.hpp"

namespace mvq::MVQ_TIER {
namespace {

constexpr int64_t SCREEN_MOST_DIMENSIONS = 1024;                               // |q|^2 is exact in float32 up to there
constexpr int64_t SCREEN_TILES = 8;                                            // of rows a task, at most
constexpr int64_t SCREEN_BLOCK_BYTES = 256 * 1024, SCREEN_BLOCK_GROUPS = 512;  // codes at a time: a part of the cache

/* Workspace of a screened search. */
struct Screen {
  int64_t tiles;  // of rows a task
  int64_t block;  // groups of codes at a time
  float* centre;  // (d)
  ByteCodes codes;
  ByteCodes bank_codes;  // of worker 0: a block of virtual codes; the other workers' follow
  uint8_t* bank;         // (m, words, 4)
  uint8_t* bytes;        // (workers, tiles, words, TILE, 4)
  int32_t* group_best;   // (workers, block, TILE)
  int32_t* group_next;   // likewise, where scores are named
  int32_t* failed;       // (n): rows that the screen does not help
  int64_t* counts;       // rows screened, rows failed; changed by all workers

  Screen() = default;
  Screen(Workspace& workspace, int64_t n, int64_t k, int64_t d, int64_t m, Kind kind, int threads) {
    centre = workspace.take<float>(d);
    codes = take_byte_codes(workspace, k, d, k * m, kind);
    block = larger(GROUP, smaller(SCREEN_BLOCK_GROUPS, SCREEN_BLOCK_BYTES / codes.group_bytes()));
    tiles = larger(1, smaller(SCREEN_TILES, n / TILE / (2 * threads)));
    if (kind == Kind::bank) {
      bank = workspace.take<uint8_t>(m, 4 * codes.words);
      bank_codes = take_byte_codes(workspace, threads * block * GROUP, d, k * m, kind);
    }
    bytes = workspace.take<uint8_t>(threads * tiles, codes.words, TILE * 4);
    group_best = workspace.take<int32_t>(threads, block, TILE);
    group_next = codes.named ? workspace.take<int32_t>(threads, block, TILE) : nullptr;
    failed = workspace.take<int32_t>(n);
    counts = workspace.take<int64_t>(2);
  }
};

/* A tile of rows on its way through the screen. */
struct ScreenedTile {
  ScreenTile tile;
  int64_t first_row, count;
  alignas(64) float norm[TILE], rest[TILE];
  alignas(64) int32_t offset[TILE], best[TILE], best_group[TILE], threshold[TILE], first_code[TILE], budget[TILE];
};

/* The second half of rows under masks, (lane_words(d), width) from pack_masks: half of a negative unit in each kept
 * dimension. */
MVQ_INLINE void add_mask(const int32_t* masks, int64_t width, int64_t d, int64_t words, uint8_t* bytes) {
  for (int64_t word = 0; word < words; ++word) {
    vi four = broadcast_int(0);
    for (int64_t i = 4 * word; i < smaller(4 * word + 4, d); ++i)
      four |= select(has_bit(load_int(masks + i / MASK_BITS * width), broadcast_int(1u << i % MASK_BITS)),
                     broadcast_int(int32_t(uint32_t(256 - SQUARE_UNIT / 2) << (8 * (i % 4)))), broadcast_int(0));
    store_int(bytes + 4 * word * TILE, four);
  }
}

/* The bytes of the tile's rows and what is known before any code is: rows past the end need nothing, the others
 * everything. `compared`: codes a row is compared with. */
template <Kind kind>
void quantise_tile(const Rows& rows, const ByteCodes& codes, int64_t compared, int worker, ScreenedTile& tile) {
  const RowTile packed = pack_tile(rows, tile.first_row, worker);
  const int64_t width = vectors_for(tile.count) * W;
  const vi budget = broadcast_int(int32_t(4 + compared * 4 / (3 * GROUP)));  // about half of a search without a screen
  for (int v = 0; v < VECTORS; ++v) {
    const int64_t from = smaller(v * W, width - W);  // where there are fewer rows the last vector is repeated
    uint8_t* bytes = tile.tile.bytes + v * W * 4;
    const ByteLanes made =
        quantise(packed.rows, width, from, rows.d, packed.row_mask, codes.scale, 0, codes.words, bytes, TILE);
    if (kind == Kind::row_masked)
      add_mask(packed.row_mask + from, width, rows.d, codes.half, bytes + codes.half * TILE * 4);
    if (kind == Kind::free) split_signs(bytes, TILE, codes.half, 2);
    store(tile.norm + v * W, made.norm);
    store(tile.rest + v * W, made.rest + broadcast(codes.rest));
    store_int(tile.offset + v * W, made.sum * broadcast_int(BYTE_ZERO & 255));
    const lanes real = less(lane_numbers() + broadcast_int(v * W), broadcast_int(int32_t(tile.count)));
    store_int(tile.threshold + v * W, select(real, broadcast_int(INT32_MIN), broadcast_int(INT32_MAX)));
    store_int(tile.budget + v * W, budget);
  }
}

/* The least score, with which a code can still be as near as the best one known, all of it rounded
 * downwards; INT32_MIN where no number tells. Rows at INT32_MAX are done with. */
template <Kind kind>
void set_thresholds(const Rows& rows, const ByteCodes& codes, ScreenedTile& tile) {
  const vf one = broadcast(1);
  const int32_t unit = codes.named ? int32_t(GROUP) : 1;
  for (int v = 0; v < VECTORS; ++v) {
    const vf norm = load(tile.norm + v * W);
    const vf rounded = broadcast(1 + 0x1p-11f);  // the float32 distances' own error: (d + 2) 2^-24 and some
    const vf reach = (root(load(rows.best + tile.first_row + v * W) * rounded) + load(tile.rest + v * W)) /
                     broadcast(codes.scale.step);
    const vf within = fma(reach, reach, one);  // |q_z - q_e|^2 of those codes, and 1 as scores are rounded
    const vf slack = fma(norm + within, broadcast(0x1p-18f), one + one);  // the roundings of these lines
    const vf least = kind == Kind::free ? norm - within - slack
                                        : (norm - within) * broadcast(0.5f) - slack - broadcast(codes.square_error);
    const lanes good = less(absolute(least), broadcast(0x1p29f / float(unit)));
    const vi offset = kind == Kind::free ? broadcast_int(0) : load_int(tile.offset + v * W);
    const vi whole = round_to_int(select(good, least, broadcast(0))) + offset, score = whole * broadcast_int(unit);
    const vi old = load_int(tile.threshold + v * W);
    store_int(tile.threshold + v * W,
              select(equal(old, broadcast_int(INT32_MAX)), old, select(good, score, broadcast_int(INT32_MIN))));
  }
}

}  // namespace
}  // namespace mvq::MVQ_TIER
