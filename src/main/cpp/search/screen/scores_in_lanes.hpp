// The screen by byte products in lanes: the best score of each group of codes, for every row of a tile.
#pragma once
#if defined(MVQ_BYTES_IN_WORDS)
#include "search/screen/scores_in_words.hpp"
#else
#include "search/screen/scores_in_halves.hpp"
#endif

namespace mvq::MVQ_TIER {
namespace {

template <Kind kind, bool NAMED>
MVQ_NOINLINE void screen_in_lanes(const ByteCodes& codes, const ScreenTile& tile, int64_t groups) {
  BestGroups kept;
  for (int64_t g = 0; g < groups; ++g) {
    GroupScores<NAMED> found;
    for (int64_t first = 0; first < GROUP; first += PART<kind>) add_scores<kind>(codes, tile, g * GROUP + first, found);
    kept.keep(tile, g, found);
  }
  kept.save(tile);
}

}  // namespace
}  // namespace mvq::MVQ_TIER
