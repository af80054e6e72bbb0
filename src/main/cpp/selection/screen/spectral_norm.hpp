// An upper bound of the largest singular value of a matrix of bytes, from its Gram matrix.
#pragma once
#include "selection/screen/byte_tiles.hpp"
#include "selection/screen/screened_sizes.hpp"
#include "simd/pack.hpp"
#if defined(MVQ_SCREENS_HYPOTHESES)

namespace mvq::MVQ_TIER {
namespace {

constexpr uint8_t OFFSET = BYTE_ZERO & 255;   // makes a signed byte unsigned
constexpr int NORM_GROUPS = W == 16 ? 4 : 2;  // of outputs multiplied at once: their sums fit in registers

/* Bytes (count, depth), offset by OFFSET, count a multiple of W -> groups of W rows, each (depth / 4, W, 4), signed. */
void pack_bytes(const uint8_t* rows, int64_t count, int64_t depth, int8_t* packed) {
  for (int64_t first = 0; first < count; first += W)
    for (int64_t k = 0; k < depth; k += 4 * W) {
      vf x[W];
#pragma GCC unroll 16
      for (int r = 0; r < W; ++r)
        x[r] = as_float(subtract_bytes(load_int(rows + (first + r) * depth + k), broadcast_int(int32_t(BYTE_ZERO))));
      transpose(x);
#pragma GCC unroll 16
      for (int r = 0; r < W; ++r) store_int(packed + first * depth + k * W + r * PACKED_BYTES, as_int(x[r]));
    }
}

/* At least the largest singular value of diag(scale) * rows; `packed` is what pack_bytes made of the rows. With m the
 * mean of the r eigenvalues of the Gram matrix G that may differ from 0 (r = rank), none is above
 * m + sqrt((r - 1) / r * (tr G^2 - r m^2)) (Wolkowicz and Styan 1980). count is a multiple of W, at most MOST_ROWS. */
double spectral_norm(const uint8_t* rows, const int8_t* packed, const float* scale, int64_t count, int64_t depth,
                     int64_t rank) {
  alignas(64) int32_t gram[NORM_GROUPS * W * W], start[MOST_ROWS];
  for (int64_t o = 0; o < count; o += W) {
    vi sum = broadcast_int(0);  // of each output's bytes, to take the offset back
    for (int64_t k = 0; k < depth; k += 4)
      add_dot_bytes(sum, broadcast_int(0x01010101), load_int(packed + o * depth + k * W));
    store_int(start + o, sum * -int32_t(OFFSET));
  }
  double trace = 0, squares = 0;
  const auto add = [&](int64_t i, int64_t o, int64_t groups) {  // W rows i.. against groups of W rows o.., o >= i
    for (int64_t g = 0; g < groups; ++g) {
      vf block = broadcast(0);
      const vf scales = load(scale + o + g * W);
      for (int r = 0; r < W; ++r) {
        const vf entry = to_float(load_int(gram + (r * groups + g) * W)) * (broadcast(scale[i + r]) * scales);
        block = fma(entry, entry, block);
        if (i == o + g * W) trace += double(gram[(r * groups + g) * W + r]) * scale[i + r] * scale[i + r];
      }
      squares += (i == o + g * W ? 1.0 : 2.0) * sum_of_lanes(block);
    }
  };
  for (int64_t i = 0; i < count; i += W) {
    int64_t o = i;
    for (; o + NORM_GROUPS * W <= count; o += NORM_GROUPS * W) {
      multiply_bytes<NORM_GROUPS>(rows + i * depth, packed + o * depth, depth, start + o, gram,
                                  [](int64_t, int64_t) {});
      add(i, o, NORM_GROUPS);
    }
    for (; o < count; o += W) {
      multiply_bytes<1>(rows + i * depth, packed + o * depth, depth, start + o, gram, [](int64_t, int64_t) {});
      add(i, o, 1);
    }
  }
  constexpr double ROUNDED = 1 + 1e-4;  // covers 32 float additions and a few products
  squares *= ROUNDED;
  const double mean = trace / double(rank), rest = squares - trace * trace / double(rank) / ROUNDED;
  return __builtin_sqrt((mean + __builtin_sqrt(rest > 0 ? rest : 0)) * ROUNDED);
}

}  // namespace
}  // namespace mvq::MVQ_TIER
#endif
