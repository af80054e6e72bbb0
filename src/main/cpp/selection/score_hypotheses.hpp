// The exact losses of consecutive hypotheses of a row, in the float32 order of mvq.h. A lane is a hypothesis: TILE of
// them go through the head together, and only their activations of one layer are held.
#pragma once
#include "selection/best_list.hpp"
#include "selection/dense.hpp"
#include "selection/dropout_masks.hpp"

namespace mvq::MVQ_TIER {
namespace {

/* A worker's room. */
struct SelectionRoom {
  float* activations[2];  // (widest layer, TILE) each: a layer's inputs and outputs
  int32_t* masks;         // (128-bit groups of channels * 4, TILE)
  float* loss;            // (winners, top)
  int64_t* index;         // (winners, top)
  BestList* lists;        // (winners)
};

/* The masks of hypotheses first.. of a row, given or drawn -> (lane words, V * W). */
template <int V>
void lane_masks(const mvq_select_hypothesis_args& args, int64_t row, int64_t first, int32_t* masks) {
  const int64_t words = mask_words(args.c);
  if (args.masks)
    return pack_masks(args.masks + (row * args.h + first) * words, words, nullptr, smaller(V * W, args.h - first),
                      args.c, masks);
  const uint32_t q = keep_in_65536ths(args.dropout.keep);
  for (int v = 0; v < V; ++v)
    for (int64_t pair = 0; 2 * pair < words; ++pair) {
      vi bits[4];
      draw_lanes(args.dropout.seed, uint64_t(args.dropout.first_row) + uint64_t(row),
                 broadcast_int(int32_t(first + v * W)) + lane_numbers(), pair, q, bits);
      for (int half = 0; half < 4; ++half) store_int(masks + ((4 * pair + half) * V + v) * W, bits[half]);
    }
}

/* The latents of one position under each lane's mask -> (width[0], V * W); a dropped input is 0. */
template <int V>
void mask_latents(const mvq_select_hypothesis_args& args, const float* latents, const int32_t* masks, float* inputs) {
  for (int64_t begin = 0; begin < args.head.width[0]; begin += args.c)
    for (int64_t i = 0; i < args.c; ++i)
      for (int v = 0; v < V; ++v) {
        const lanes kept = has_bit(load_int(masks + (i / MASK_BITS * V + v) * W), broadcast_int(1u << i % MASK_BITS));
        store(inputs + ((begin + i) * V + v) * W, keep(kept, broadcast(latents[begin + i])));
      }
}

/* Adds up (base + head - target)^2 over one position's outputs; at the end of each run of `run` outputs offers the mean
 * to the next list. `sum` and `seen`, the outputs in it, go on from position to position. */
template <int V>
void score_position(const mvq_select_hypothesis_args& args, const Layer& layer, const float* inputs, int64_t at,
                    int64_t run, int64_t first, vf sum[V], int64_t& seen, BestList*& list) {
  for (int64_t group = 0; group < layer.outputs; group += CODES) {
    vf output[CODES][V];
    dense_group<V>(layer, inputs, group, output);
    const int64_t real = smaller(CODES, layer.outputs - group);
#pragma GCC unroll 8
    for (int r = 0; r < CODES; ++r) {
      if (r >= real) break;
      const vf base = broadcast(args.base[at + group + r]), target = broadcast(args.target[at + group + r]);
      for (int v = 0; v < V; ++v) {
        const vf error = (base + output[r][v]) - target;
        sum[v] = fma(error, error, sum[v]);
      }
      if (++seen < run) continue;
      for (int v = 0; v < V; ++v) {
        offer_lanes(*list, sum[v] / broadcast(float(run)), first + v * W, args.h);
        sum[v] = broadcast(0);
      }
      seen = 0;
      ++list;
    }
  }
}

/* Offers the losses of hypotheses first..first + V * W - 1 of a row to the lists of all winners. */
template <int V>
MVQ_NOINLINE void score_hypotheses(const mvq_select_hypothesis_args& args, const Head& head, SelectionRoom& room,
                                   int64_t row, int64_t first) {
  const int64_t inputs = args.head.width[0], outputs = args.head.width[head.layers];
  const int64_t run = args.winner_per_token ? args.d : args.p * outputs;
  BestList* list = room.lists;
  vf sum[V];
  int64_t seen = 0;
  for (int v = 0; v < V; ++v) sum[v] = broadcast(0);
  lane_masks<V>(args, row, first, room.masks);
  for (int64_t position = row * args.p; position < (row + 1) * args.p; ++position) {
    mask_latents<V>(args, args.latents + position * inputs, room.masks, room.activations[0]);
    for (int l = 0; l + 1 < head.layers; ++l)
      dense<V>(head, head.layer[l], room.activations[l % 2], room.activations[(l + 1) % 2]);
    score_position<V>(args, head.layer[head.layers - 1], room.activations[(head.layers - 1) % 2], position * outputs,
                      run, first, sum, seen, list);
  }
}

/* Offers the losses of all hypotheses of a row. */
void score_row(const mvq_select_hypothesis_args& args, const Head& head, SelectionRoom& room, int64_t row) {
  for (int64_t first = 0; first < args.h; first += TILE) switch (vectors_for(smaller(TILE, args.h - first))) {
      case 1: score_hypotheses<1>(args, head, room, row, first); break;
      case 2: score_hypotheses<2>(args, head, room, row, first); break;
      default: score_hypotheses<3>(args, head, room, row, first);
    }
}

}  // namespace
}  // namespace mvq::MVQ_TIER
