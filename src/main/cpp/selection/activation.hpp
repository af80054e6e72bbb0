// The activations between the layers of a hypothesis head, the same bits in every tier.
#pragma once
#include "mvq.h"
#include "selection/gelu.hpp"
#include "simd/simd.hpp"

namespace mvq::MVQ_TIER {
namespace {

/* Replaces `count` values, a multiple of W, by their activations; a NaN stays one. */
MVQ_NOINLINE void activate(int32_t activation, float slope, float* values, int64_t count) {
  const vf zero = broadcast(0), leak = broadcast(slope);
  switch (activation) {
    case MVQ_RELU:
      for (int64_t i = 0; i < count; i += W) {
        const vf x = load(values + i);
        store(values + i, select(less(x, zero), zero, x));
      }
      return;
    case MVQ_LEAKY_RELU:
      for (int64_t i = 0; i < count; i += W) {
        const vf x = load(values + i);
        store(values + i, select(less(x, zero), leak * x, x));
      }
      return;
    default:
      for (int64_t i = 0; i < count; i += W) store(values + i, gelu(load(values + i)));
  }
}

}  // namespace
}  // namespace mvq::MVQ_TIER
