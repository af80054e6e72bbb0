// Pairs of a row of a tile and a group or a code, listed without branching on how many of W there are.
#pragma once
#include "simd/simd.hpp"

namespace mvq::MVQ_TIER {
namespace {

class PairList {
 public:
  static constexpr int64_t CAPACITY = 1024;

  bool has_room() const { return size_ + W <= CAPACITY; }
  int64_t size() const { return size_; }
  int32_t row(int64_t i) const { return row_[i]; }
  int32_t other(int64_t i) const { return other_[i]; }
  void clear() { size_ = 0; }

  void append(int32_t row, int32_t other) {
    row_[size_] = row;
    other_[size_++] = other;
  }
  __attribute__((always_inline)) void append(lanes which, vi row, vi other) {
    store_int(row_ + size_, true_lanes_first(which, row));
    store_int(other_ + size_, true_lanes_first(which, other));
    size_ += count(which);
  }

 private:
  int64_t size_ = 0;
  int32_t row_[CAPACITY], other_[CAPACITY];
};

}  // namespace
}  // namespace mvq::MVQ_TIER
