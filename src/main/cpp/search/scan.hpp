// The register tile of the nearest-code searches: up to TILE packed rows against packed codes, CODES at a time. Each
// lane sums its own row's distance over ascending d and keeps the best code so far.
#pragma once
#include "simd/pack.hpp"

namespace mvq::MVQ_TIER {
namespace {

/* What a dimension adds to the distance: (z - e)^2; the same or 0, by the row's mask; the smaller of (z - e)^2 and
 * z^2. */
enum class Term { full, row_masked, free };

struct RowTile {
  int64_t count;            // rows, 1..TILE
  const float* rows;        // (d, lanes), from pack_rows
  const int32_t* row_mask;  // (lane_words(d), lanes), from pack_masks; for Term::row_masked
  const uint64_t* allowed;  // mask words of all codes, a row every allowed_stride words; NULL = all
  int64_t allowed_stride;
  float* best;        // (TILE), NaN at first
  int32_t* position;  // (TILE), -1 at first
};

struct CodeBlock {
  const float* codes;  // (groups, d, CODES), from pack_codes
  int64_t d;
  int64_t first, end;  // positions of the codes; first is a multiple of CODES
};

/* The bits of codes first..first + CODES - 1 in each lane's allowed codes; none past the end. */
template <int V>
MVQ_INLINE void gather_allowed(const RowTile& tile, int64_t first, int64_t end, int32_t bits[V * W]) {
  const uint64_t valid = end - first >= CODES ? (1u << CODES) - 1 : (1u << (end - first)) - 1;
  for (int64_t lane = 0; lane < V * W; ++lane) {
    const uint64_t* allowed = tile.allowed + smaller(lane, tile.count - 1) * tile.allowed_stride;
    bits[lane] = int32_t((allowed[first / 64] >> (first % 64)) & valid);
  }
}

/* Keeps, in each lane, the first of the smallest distances. Most groups hold no better code:
 * found out by their minimum. */
template <int V>
MVQ_INLINE void keep_best(const vf distance[CODES][V], int64_t first, float* best, int32_t* position) {
#pragma GCC unroll 3
  for (int v = 0; v < V; ++v) {
    vf old = load(best + v * W), minimum = broadcast(__builtin_inff());
#pragma GCC unroll 8
    for (int r = 0; r < CODES; ++r) minimum = min_or_second(distance[r][v], minimum);
    if (__builtin_expect(!any(not_at_least(minimum, old)), 1)) continue;
    vi where = load_int(position + v * W);
#pragma GCC unroll 8
    for (int r = 0; r < CODES; ++r) {
      const lanes wins = both(not_at_least(distance[r][v], old), is_number(distance[r][v]));
      old = select(wins, distance[r][v], old);
      where = select(wins, broadcast_int(int32_t(first + r)), where);
    }
    store(best + v * W, old);
    store_int(position + v * W, where);
  }
}

template <Term term, int V>
MVQ_INLINE void add_dimension(const vf z[V], const lanes kept[V], const float* codes, vf distance[CODES][V]) {
#pragma GCC unroll 8
  for (int r = 0; r < CODES; ++r) {
    const vf e = broadcast(codes[r]);
#pragma GCC unroll 3
    for (int v = 0; v < V; ++v) {
      vf t = e - z[v];  // the sign does not matter, and e is the operand that is in a register
      if constexpr (term == Term::row_masked) t = keep(kept[v], t);
      if constexpr (term == Term::free) t = min_or_second(absolute(z[v]), absolute(t));  // NaN if t is
      distance[r][v] = fma(t, t, distance[r][v]);
    }
  }
}

template <Term term, int V>
MVQ_NOINLINE void scan_vectors(const RowTile& tile, const CodeBlock& block) {
  const float* codes = block.codes;
  for (int64_t first = block.first; first < block.end; first += CODES) {
    vf distance[CODES][V];
#pragma GCC unroll 8
    for (int r = 0; r < CODES; ++r)
#pragma GCC unroll 3
      for (int v = 0; v < V; ++v) distance[r][v] = broadcast(0);
    const float* rows = tile.rows;
#pragma GCC unroll 1
    for (int64_t i = 0; i < block.d; ++i, rows += V * W, codes += CODES) {
      vf z[V];
      lanes kept[V] = {};
#pragma GCC unroll 3
      for (int v = 0; v < V; ++v) {
        z[v] = load(rows + v * W);
        if constexpr (term == Term::row_masked)
          kept[v] = has_bit(load_int(tile.row_mask + (i / MASK_BITS * V + v) * W), broadcast_int(1u << i % MASK_BITS));
      }
      add_dimension<term, V>(z, kept, codes, distance);
    }
    if (tile.allowed) {
      int32_t bits[V * W];
      gather_allowed<V>(tile, first, block.end, bits);
      for (int r = 0; r < CODES; ++r)
        for (int v = 0; v < V; ++v) {
          const lanes may = has_bit(load_int(bits + v * W), broadcast_int(1 << r));
          distance[r][v] = select(may, distance[r][v], broadcast(__builtin_nanf("")));
        }
    }
    keep_best<V>(distance, first, tile.best, tile.position);
  }
}

template <Term term>
void scan(const RowTile& tile, const CodeBlock& block) {
  switch (vectors_for(tile.count)) {
    case 1: return scan_vectors<term, 1>(tile, block);
    case 2: return scan_vectors<term, 2>(tile, block);
    default: return scan_vectors<term, 3>(tile, block);
  }
}

}  // namespace
}  // namespace mvq::MVQ_TIER
