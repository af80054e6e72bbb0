// The way of the nearest-code operations to the screen, where this instruction set has one.
#pragma once
#include "search/search.hpp"
#if defined(MVQ_SCREENS_CODES)
#include "search/screen/screened_search.hpp"
#endif

namespace mvq::MVQ_TIER {
namespace {

#if !defined(MVQ_SCREENS_CODES)
struct Screen {
  Screen() = default;
  Screen(Workspace&, int64_t, int64_t, int64_t, int64_t, Kind, int) {}
};
#endif

/* Whether a screen is expected to pay; with few codes or dimensions there is less to win than to set up. */
MVQ_INLINE bool worth_screening(int64_t n, int64_t k, int64_t d, int64_t m, Kind kind) {
#if defined(MVQ_SCREENS_CODES)
  constexpr int64_t LEAST_CODES = 128, LEAST_WORK = 4096, LEAST_PAIRS = IN_HALVES ? 40 * 512 : 48 * 128;
  const int64_t least_rows = kind == Kind::full && d < 16 ? 384 : 1;   // such codes are slow to pack, but search fast
  const int64_t least_dimensions = kind == Kind::row_masked ? 24 : 1;  // a few kept ones tell too little apart
  return n >= least_rows && d >= least_dimensions && d <= SCREEN_MOST_DIMENSIONS && k * m < INT32_MAX - GROUP &&
         k * m >= LEAST_CODES && k * m * d >= LEAST_WORK && n >= (LEAST_PAIRS + k * m - 1) / (k * m);
#else
  return (void)n, (void)k, (void)d, (void)m, (void)kind, false;
#endif
}

/* Rows searched by a screen: its workspace and that of the rows it does not help. */
struct Screening {
  bool wanted;
  Screen screen{};
  Rows failed{};

  Screening(Workspace& workspace, bool wanted, int64_t n, int64_t k, int64_t d, int64_t m, Kind kind, int threads)
      : wanted(wanted) {
    if (!wanted) return;
    screen = Screen(workspace, n, k, d, m, kind, threads);
    take_rows(workspace, n, d, threads, kind == Kind::row_masked, failed);
  }
};

/* Searches the rows; plain(rows) does so without a screen, for all of them or those that the screen does not help.
 * masks: the rows' or the bank's, (n or m, stride words). */
template <Kind kind, class Plain>
void search_best(const Rows& rows, const CodeList& list, const uint64_t* masks, int64_t stride, int64_t m,
                 const Screening& screening, int threads, Plain plain) {
#if defined(MVQ_SCREENS_CODES)
  const int64_t failures =
      screening.wanted ? ScreenedSearch<kind>(rows, list, masks, stride, m, screening.screen).run(threads) : -1;
  if (failures >= 0) {
    Rows again = rows;
    again.n = failures, again.ids = screening.screen.failed;
    again.best = screening.failed.best, again.position = screening.failed.position;
    again.packed = screening.failed.packed, again.packed_mask = screening.failed.packed_mask;
    if (failures > 0) plain(again);
    for (int64_t i = 0; i < failures; ++i) {
      rows.best[again.ids[i]] = again.best[i];
      rows.position[again.ids[i]] = again.position[i];
    }
    return;
  }
#endif
  (void)list, (void)masks, (void)stride, (void)m, (void)screening, (void)threads;
  plain(rows);
}

}  // namespace
}  // namespace mvq::MVQ_TIER
