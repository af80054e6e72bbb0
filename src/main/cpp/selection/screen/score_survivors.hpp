// The exact losses of single hypotheses of any rows: the float32 order of mvq.h, with a lane its own row too.
#pragma once
#include "selection/score_hypotheses.hpp"
#if defined(MVQ_SCREENS_HYPOTHESES)

namespace mvq::MVQ_TIER {
namespace {

struct Survivor {
  int64_t row, hypothesis;
};

/* Mask word `word` of a hypothesis, given or drawn. */
uint64_t hypothesis_mask(const mvq_select_hypothesis_args& args, Survivor s, int64_t word) {
  const uint64_t bits = args.masks
                            ? args.masks[(s.row * args.h + s.hypothesis) * mask_words(args.c) + word]
                            : dropout_mask_word(args.dropout.seed, uint64_t(args.dropout.first_row) + uint64_t(s.row),
                                                uint32_t(s.hypothesis), word, keep_in_65536ths(args.dropout.keep));
  return bits & mask_word_valid(args.c, word);
}

/* values[(row), at .. at + W - 1], of which `real` exist, of the row of each lane -> (W, V * W). */
template <int V>
MVQ_INLINE void load_rows(const float* values, int64_t width, int64_t at, int64_t real, const Survivor* survivors,
                          float* out) {
  for (int v = 0; v < V; ++v) {
    vf x[W];
#pragma GCC unroll 16
    for (int lane = 0; lane < W; ++lane) x[lane] = load_first(values + survivors[v * W + lane].row * width + at, real);
    transpose(x);
#pragma GCC unroll 16
    for (int r = 0; r < W; ++r) store(out + (r * V + v) * W, x[r]);
  }
}

/* loss (V * W): of survivors (V * W), for a head of one position and one winner a row. */
template <int V>
MVQ_NOINLINE void score_survivors(const mvq_select_hypothesis_args& args, const Head& head, const SelectionRoom& room,
                                  const Survivor* survivors, float* loss) {
  const int64_t outputs = args.head.width[head.layers];
  float* inputs = room.activations[0];
  for (int lane = 0; lane < V * W; ++lane) {
    const float* latents = args.latents + survivors[lane].row * args.c;
    for (int64_t word = 0; word < mask_words(args.c); ++word) {
      const uint64_t mask = hypothesis_mask(args, survivors[lane], word);
      for (int64_t i = 64 * word; i < smaller(args.c, 64 * word + 64); ++i)
        inputs[i * V * W + lane] = mask >> (i % 64) & 1 ? latents[i] : 0;
    }
  }
  for (int l = 0; l + 1 < head.layers; ++l)
    dense<V>(head, head.layer[l], room.activations[l % 2], room.activations[(l + 1) % 2]);
  const Layer& last = head.layer[head.layers - 1];
  alignas(64) float base[W * V * W], target[W * V * W];
  vf sum[V];
  for (int v = 0; v < V; ++v) sum[v] = broadcast(0);
  for (int64_t group = 0; group < outputs; group += CODES) {
    const int64_t real = smaller(CODES, outputs - group), part = group % W;
    if (part == 0) {
      load_rows<V>(args.base, outputs, group, smaller(W, outputs - group), survivors, base);
      load_rows<V>(args.target, outputs, group, smaller(W, outputs - group), survivors, target);
    }
    vf output[CODES][V];
    dense_group<V>(last, room.activations[(head.layers - 1) % 2], group, output);
#pragma GCC unroll 8
    for (int r = 0; r < CODES; ++r) {
      if (r >= real) break;
      for (int v = 0; v < V; ++v) {
        const int64_t at = ((part + r) * V + v) * W;
        const vf error = (load(base + at) + output[r][v]) - load(target + at);
        sum[v] = fma(error, error, sum[v]);
      }
    }
  }
  for (int v = 0; v < V; ++v) store(loss + v * W, sum[v] / broadcast(float(outputs)));
}

}  // namespace
}  // namespace mvq::MVQ_TIER
#endif
