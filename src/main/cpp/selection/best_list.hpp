// The `top` best losses seen so far, as a heap with the worst of them at its root; ties rank by the lower index.
#pragma once
#include "rules.hpp"
#include "simd/simd.hpp"

namespace mvq::MVQ_TIER {
namespace {

struct BestList {
  int64_t top;
  int64_t size;
  float* loss;     // (top)
  int64_t* index;  // (top)

  /* What a loss must be below to enter; NaN, which nothing fails to beat, while there is room. */
  float limit() const { return size < top ? __builtin_nanf("") : loss[0]; }

  bool ahead(int64_t a, int64_t b) const { return comes_before(loss[a], index[a], loss[b], index[b]); }

  void swap(int64_t a, int64_t b) {
    const float l = loss[a];
    const int64_t i = index[a];
    loss[a] = loss[b], index[a] = index[b];
    loss[b] = l, index[b] = i;
  }

  /* Restores the heap of `count` entries below `root`. */
  void sift_down(int64_t root, int64_t count) {
    for (int64_t child; (child = 2 * root + 1) < count; root = child) {
      if (child + 1 < count && ahead(child, child + 1)) ++child;
      if (!ahead(root, child)) return;
      swap(root, child);
    }
  }

  void offer(float new_loss, int64_t new_index) {
    if (new_loss != new_loss) return;
    if (size == top) {
      if (!comes_before(new_loss, new_index, loss[0], index[0])) return;
      loss[0] = new_loss, index[0] = new_index;
      return sift_down(0, size);
    }
    int64_t child = size++;
    loss[child] = new_loss, index[child] = new_index;
    for (int64_t parent; child > 0 && ahead(parent = (child - 1) / 2, child); child = parent) swap(parent, child);
  }

  /* Best first; the places that nothing could fill hold -1 and +inf. No more offers after this. */
  void finish() {
    for (int64_t count = size - 1; count > 0; --count) {
      swap(0, count);
      sift_down(0, count);
    }
    for (int64_t i = size; i < top; ++i) loss[i] = __builtin_inff(), index[i] = -1;
  }
};

/* Offers the losses of hypotheses first..first + W - 1, of which those from `end` on do not exist. */
MVQ_INLINE void offer_lanes(BestList& list, vf losses, int64_t first, int64_t end) {
  if (!any(not_at_least(losses, broadcast(list.limit())))) return;
  float each[W];
  store(each, losses);
  for (int lane = 0; lane < W && first + lane < end; ++lane) list.offer(each[lane], first + lane);
}

}  // namespace
}  // namespace mvq::MVQ_TIER
